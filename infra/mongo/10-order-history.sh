#!/bin/bash
# The read model's user, who knows its own database and no other.
set -euo pipefail
mongosh --quiet --host 127.0.0.1 order_history --eval \
    "db.createUser({user: 'order_history', pwd: '$(cat /run/shop/order_history)', roles: [{role: 'readWrite', db: 'order_history'}]})"
