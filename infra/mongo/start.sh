#!/bin/bash
# mongod wants the key of the replica set in a file that only its user can read.
set -euo pipefail
umask 077
cp /run/shop/members /tmp/members
exec docker-entrypoint.sh mongod --replSet rs0 --keyFile /tmp/members --bind_ip_all --wiredTigerCacheSizeGB 0.25
