need tc ip flock
alone
bump
force=
batch 'class replace dev ifb1 parent 1: classid 1:fff htb rate 19400000bit ceil 19400000bit prio 3 quantum 60000 burst 15140b cburst 15140b # 0
class replace dev ifb1 parent 1:fff classid 1:ffe htb rate 128000bit ceil 128000bit prio 3 quantum 1514 burst 15140b cburst 15140b # 1
qdisc replace dev ifb1 parent 1:ffe handle ffe: bfifo limit 9084b # 1
class replace dev ifb1 parent 1:fff classid 1:1 htb rate 8000bit ceil 10000000bit prio 3 quantum 60000 burst 15140b cburst 60560b # 2
class replace dev ifb1 parent 1:1 classid 1:1003 htb rate 8000bit ceil 4000000bit prio 3 quantum 60000 burst 15140b cburst 15140b # 3
class replace dev ifb1 parent 1:fff classid 1:2001 htb rate 2000000bit ceil 19400000bit prio 3 quantum 4542 burst 15140b cburst 15140b # 4
qdisc replace dev ifb1 parent 1:2001 handle 2001: bfifo limit 12500b # 4
class replace dev ifb1 parent 1:1 classid 1:2002 htb rate 1234000bit ceil 10000000bit prio 0 quantum 48448 burst 15140b cburst 48448b # 5
qdisc replace dev ifb1 parent 1:2002 handle 2002: bfifo limit 9084b # 5
class replace dev ifb1 parent 1:1 classid 1:3002 htb rate 500000bit ceil 10000000bit prio 3 quantum 1514 burst 15140b cburst 15140b # 6
qdisc replace dev ifb1 parent 1:3002 handle 3002: bfifo limit 9084b # 6
class replace dev ifb1 parent 1:1003 classid 1:2003 htb rate 64000bit ceil 4000000bit prio 7 quantum 1514 burst 15140b cburst 15140b # 7
qdisc replace dev ifb1 parent 1:2003 handle 2003: bfifo limit 9084b # 7
class replace dev ifb1 parent 1:1003 classid 1:f003 htb rate 16008bit ceil 16008bit prio 3 quantum 1514 burst 15140b cburst 15140b # 8
qdisc replace dev ifb1 parent 1:f003 handle f003: bfifo limit 9084b # 8'
say done "$turn"
