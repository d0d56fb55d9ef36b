#!/usr/bin/env bash
# Compares the gateway with a bare YARP pass-through in front of the same mock provider, round by round, on loopback.
#
#   tests/load/run.sh [--quick] [--direct] [--self] [--no-build]
#                     [--rounds N] [--seconds S] [--warmup S] [--only NAME[,NAME]] [--json FILE]
#
#   --quick    one round of one second each: whether it works, not what it costs
#   --direct   also drives the mock provider without a proxy (its CPU column is the mock's)
#   --self     bare proxy against bare proxy: what the comparison says when there is no difference
#   --json     writes all rounds as JSON
#
# Where two cores are free, the servers under test share one and the mock and the client the other. Ends with 1 when a request failed.
# Environment such as DOTNET_ThreadPool_UnfairSemaphoreSpinLimit=0 reaches all processes alike.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
rounds=3 seconds=4 warmup=1 passes=12 direct=no self=no build=yes
extra=()
while [ $# -gt 0 ]; do
  case $1 in
    --quick) rounds=1 seconds=1 warmup=0.5 passes=1 ;;
    --direct) direct=yes ;;
    --self) self=yes ;;
    --rounds) rounds=$2; shift ;;
    --seconds) seconds=$2; shift ;;
    --warmup) warmup=$2; shift ;;
    --no-build) build=no ;;
    --only | --json) extra+=("$1" "$2"); shift ;;
    *) sed -n '2,14s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
  esac
  shift
done

# Hot methods are compiled for good at once and not after a quiet moment, which a loaded server hardly has. Warm code is the same.
export DOTNET_TC_CallCountingDelayMs=0

work=$(mktemp -d)
mkdir "$work/home" "$work/data" # the servers run in the first, where nothing is written: they watch it for changes of their settings
pids=()
stop() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT TERM

[ $build = no ] || echo "building..."
if [ $build = yes ] && ! dotnet build "$here/Load.slnx" -c Release --nologo -v quiet >"$work/build.log"; then
  cat "$work/build.log" >&2
  exit 1
fi
dll() { echo "$here/$1/bin/Release/net10.0/$1.dll"; }

# The last core for the servers under test, the one before it for the rest; everywhere when there is only one.
server_pin=() other_pin=()
cores=$(nproc)
if [ "$cores" -gt 1 ] && command -v taskset >/dev/null; then
  server_pin=(taskset -c $((cores - 1)))
  other_pin=(taskset -c $((cores - 2)))
fi

# A free port: one that refuses a connection, above the range the system hands out on its own.
next_port=61000
free_port() {
  while (exec 3<>"/dev/tcp/127.0.0.1/$next_port") 2>/dev/null; do next_port=$((next_port + 1)); done
  port=$next_port
  next_port=$((next_port + 1))
}

wait_for() { # port pid name
  for _ in $(seq 300); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then return; fi
    if ! kill -0 "$2" 2>/dev/null; then break; fi
    sleep 0.1
  done
  echo "$3 did not start:" >&2
  tail -20 "$work/$3.log" >&2
  exit 1
}

start() { # name port command...
  local name=$1 port=$2
  shift 2
  (cd "$work/home" && exec "$@") >"$work/$name.log" 2>&1 &
  pids+=($!)
  wait_for "$port" $! "$name"
}

free_port; mock_port=$port
start mock "$mock_port" "${other_pin[@]}" dotnet "$(dll MockProvider)" --urls "http://127.0.0.1:$mock_port"
mock_pid=${pids[-1]}

start_bare() { # name
  free_port
  start "$1" "$port" "${server_pin[@]}" dotnet "$(dll BareProxy)" --urls "http://127.0.0.1:$port" --upstream "http://127.0.0.1:$mock_port"
  targets+=(--target "$1,http://127.0.0.1:$port,${pids[-1]},none")
}

start_gateway() {
  local management_port traffic_port key
  free_port; traffic_port=$port
  free_port; management_port=$port
  export Gateway__TrafficUrl=http://127.0.0.1:$traffic_port Gateway__ManagementUrl=http://127.0.0.1:$management_port
  export Gateway__DataFolder=$work/data Gateway__PoliciesFolder=$here/policies
  export Gateway__Providers__openai__BaseUrl=http://127.0.0.1:$mock_port/v1 Gateway__Providers__openai__ApiKey=mock
  key=$(dotnet "$root/src/Gateway.Cli/bin/Release/net10.0/gatewayctl.dll" keys create --tenant load 2>"$work/gatewayctl.log") \
    || { cat "$work/gatewayctl.log" >&2; exit 1; }
  start gateway "$traffic_port" "${server_pin[@]}" dotnet "$root/src/Gateway/bin/Release/net10.0/Gateway.dll"
  targets+=(--target "gateway,http://127.0.0.1:$traffic_port,${pids[-1]},$key")
}

targets=()
start_bare yarp
if [ $self = yes ]; then start_bare yarp-again; else start_gateway; fi
if [ $direct = yes ]; then targets+=(--target "direct,http://127.0.0.1:$mock_port,$mock_pid,none"); fi

"${other_pin[@]}" dotnet "$(dll LoadClient)" "${targets[@]}" --rounds "$rounds" --seconds "$seconds" --warmup "$warmup" --passes "$passes" "${extra[@]}"
