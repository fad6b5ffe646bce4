"""The door: who comes in, how often they may knock, how long they stay. Pages are in dashboard/views/account.py."""
