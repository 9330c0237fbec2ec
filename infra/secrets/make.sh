#!/bin/sh
# Makes the passwords of a shop that has none yet, and hands each program those it needs: a folder per program, of
# which it can read its own alone. Run at every start; what is there stays.
#
#     make.sh FOLDER
#
# FOLDER/all keeps the passwords themselves, and no program is given it.
set -eu
umask 022
cd "$1"
mkdir -p all

# 128 random bits as hexadecimal digits, which need no quoting anywhere.
secret() {
    [ -s "all/$1" ] || head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n' >"all/$1"
    cat "all/$1"
}

# give PROGRAM FILE: what comes on standard input, all of it or nothing.
give() {
    mkdir -p "$1"
    cat >"$1/.new" && mv "$1/.new" "$1/$2"
}

database() { printf '[database]\nurl = "postgres://%s:%s@postgres:5432/%s"\n' "shop_$1" "$(secret "$1.database")" "shop_$1"; }
broker() { printf '[broker]\nurl = "amqp://shop:%s@rabbitmq:5672/%%2f"\n' "$(secret broker)"; }
proof() { printf '[auth]\nservice_secret = "%s"\n' "$(secret "$1.service")"; }
provider_key() { printf 'key_secret = "%s"\n' "$(secret provider.key)"; }

secret postgres.superuser | give postgres superuser
for service in identity catalog order payment email; do
    printf 'shop_%s %s\n' "$service" "$(secret "$service.database")"
done | give postgres roles
secret broker | give rabbitmq password
secret mongo.root | give mongo root
secret order-history.database | give mongo order_history
# What members of the replica set know each other by.
secret mongo.members | give mongo members

{ database identity; printf '[service_secrets]\norder = "%s"\norder_history = "%s"\n' \
    "$(secret order.service)" "$(secret order-history.service)"; } | give identity settings.toml
{ database catalog; broker; } | give catalog settings.toml
{ database order; broker; proof order; } | give order settings.toml
{ database payment; broker; printf '[provider]\n'; provider_key; } | give payment settings.toml
{ database email; broker; } | give email settings.toml
{ printf '[database]\nurl = "mongodb://order_history:%s@mongo:27017/order_history?replicaSet=rs0"\n' \
    "$(secret order-history.database)"; broker; proof order-history; } | give order-history settings.toml
{ printf '[api]\n'; provider_key; } | give sandbox-provider settings.toml
# One for all replicas, and over restarts: sessions are in cookies it opens.
printf '[session]\nsecret = "%s%s"\n' "$(secret web-bff.session-1)" "$(secret web-bff.session-2)" | give web-bff settings.toml
