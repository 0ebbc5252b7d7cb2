need tc ip flock
alone
bump
force=
batch 'class change dev up1 parent 1:1 classid 1:2002 htb rate 3000000bit ceil 9000000bit prio 5 quantum 1514 burst 15140b cburst 15140b # 0
qdisc replace dev up1 parent 1:2002 handle 2002: bfifo limit 18750b # 0
class change dev up1 parent 1:fff classid 1:1 htb rate 8000bit ceil 9500000bit prio 3 quantum 60000 burst 15140b cburst 15140b # 1'
say done "$turn"
