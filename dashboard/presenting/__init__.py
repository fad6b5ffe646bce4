"""What pages say: sentences, groups and tables made from the domain's values. Nothing here changes anything."""
