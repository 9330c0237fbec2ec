#!/bin/bash
# Healthy is a primary. The first time that it is asked, the set of one member is made.
set -euo pipefail
mongosh --quiet --host 127.0.0.1 --username root --password "$(cat /run/shop/root)" --authenticationDatabase admin --eval \
    "try { quit(rs.status().myState === 1 ? 0 : 1) } catch (e) { rs.initiate({_id: 'rs0', members: [{_id: 0, host: 'mongo:27017'}]}); quit(1) }"
