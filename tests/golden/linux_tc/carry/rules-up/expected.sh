need tc ip flock
alone
bump
force=
point 0 up1 12 'filter add dev up1 parent 1: protocol ip prio @p handle @h:2:1 u32 ht @h:2: match ip src 100.64.2.0/24 match ip dst 198.18.10.0/24 flowid 1:3002 # 0
filter add dev up1 parent 1: protocol ip prio @p handle @h:3:1 u32 ht @h:3: match ip src 100.64.3.0/24 match ip dst 198.18.12.0/24 flowid 1:f003 # 0
filter add dev up1 parent 1: protocol ip prio @p handle @h:1:1 u32 ht @h:1: match ip src 100.64.1.0/24 flowid 1:2001 # 0
filter add dev up1 parent 1: protocol ip prio @p handle @h:2:2 u32 ht @h:2: match ip src 100.64.2.0/24 flowid 1:2002 # 0
filter add dev up1 parent 1: protocol ip prio @p handle @h:3:2 u32 ht @h:3: match ip src 100.64.3.0/24 flowid 1:2003 # 0'
say done "$turn"
