need tc ip flock
alone
bump
force=
point 0 up1 12 'filter add dev up1 parent 1: protocol ip prio @p handle @h:5:1 u32 ht @h:5: match ip src 100.64.5.128/25 flowid 1:2005 # 0
filter add dev up1 parent 1: protocol ip prio @p handle @h:5:2 u32 ht @h:5: match ip src 100.65.5.0/24 match ip dst 198.18.10.0/24 flowid 1:3006 # 0
filter add dev up1 parent 1: protocol ip prio @p handle @h:5:3 u32 ht @h:5: match ip src 100.65.5.0/24 match ip dst 198.18.0.0/16 flowid 1:4006 # 0
filter add dev up1 parent 1: protocol ip prio @p handle @h:5:4 u32 ht @h:5: match ip src 100.65.5.0/24 flowid 1:2006 # 0
filter add dev up1 parent 1: protocol ip prio @p handle @h:4:1 u32 ht @h:4: match ip src 100.64.4.0/22 flowid 1:2004 # 0
filter add dev up1 parent 1: protocol ip prio @p handle @h:5:5 u32 ht @h:5: match ip src 100.64.4.0/22 flowid 1:2004 # 0
filter add dev up1 parent 1: protocol ip prio @p handle @h:6:1 u32 ht @h:6: match ip src 100.64.4.0/22 flowid 1:2004 # 0
filter add dev up1 parent 1: protocol ip prio @p handle @h:7:1 u32 ht @h:7: match ip src 100.64.4.0/22 flowid 1:2004 # 0'
say done "$turn"
