need tc ip flock
alone
bump
force=
batch 'class change dev up1 parent 1:fff classid 1:2001 htb rate 1000000bit ceil 19400000bit prio 3 quantum 4542 burst 15140b cburst 15140b # 0
qdisc replace dev up1 parent 1:2001 handle 2001: bfifo limit 12500b # 0'
remove 1 up1 1:2003
attach 2 ifb1 'up1'
batch 'class change dev up1 parent 1:1 classid 1:2002 htb rate 2000000bit ceil 10000000bit prio 0 quantum 48448 burst 15140b cburst 48448b # 3
qdisc replace dev up1 parent 1:2002 handle 2002: bfifo limit 9084b # 3'
point 4 up1 12 'filter add dev up1 parent 1: protocol ip prio @p handle @h:1:1 u32 ht @h:1: match ip src 100.64.1.0/24 flowid 1:2001 # 4'
say done "$turn"
