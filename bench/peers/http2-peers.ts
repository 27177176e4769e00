import { which } from '../../src/host/which.ts'
import { findTarget } from '../../src/targets/find-target.ts'
import { names, type Peer } from './peer.ts'

/** Added to the port of HTTP/1.1, on which the lab waits for the balancer. Below the ports that the kernel gives out. */
const http2PortOffset = -20_000

/** The port on which a peer takes HTTP/2 with prior knowledge: the reference balancer has one for both. */
export function http2Port({ arm }: Peer, port: number): number {
  return arm.target === 'command' ? port + http2PortOffset : port
}

/** `server` lines for the backends in $servers. */
const servers = (line: string) =>
  `servers=$(n=0; for b in $(echo {backends} | tr , ' '); do n=$((n+1)); echo "${line}"; done)`

const nginx = `${servers('server $' + '{b#http://};')}
cat > {scratch}/h2.conf <<END
daemon off; worker_processes {workers}; pid {scratch}/h2.pid; error_log stderr error;
$([ $(id -u) = 0 ] && echo 'user root;')
events { worker_connections 4096; }
http {
  access_log off; keepalive_requests 1000000000;
  client_body_temp_path {scratch}/b; proxy_temp_path {scratch}/p; fastcgi_temp_path {scratch}/f;
  uwsgi_temp_path {scratch}/u; scgi_temp_path {scratch}/s;
  upstream backends { $servers keepalive 256; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:{port}; listen 127.0.0.1:$(({port} + ${http2PortOffset})) http2;
    location / {
      proxy_pass http://backends; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header Host \\$http_host; proxy_set_header X-Forwarded-For \\$proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto \\$scheme; proxy_set_header X-Forwarded-Host \\$http_host;
    }
  }
}
END
exec nginx -c {scratch}/h2.conf`

const haproxy = `${servers('  server b$n $' + '{b#http://}')}
cat > {scratch}/h2.cfg <<END
global
  nbthread {workers}
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  http-reuse always
  option forwardfor
frontend all
  bind 127.0.0.1:{port}
  bind 127.0.0.1:$(({port} + ${http2PortOffset})) proto h2
  default_backend backends
backend backends
  balance roundrobin
$servers
END
exec haproxy -f {scratch}/h2.cfg`

const commands = { nginx, haproxy } as const

/** The peers of `all` that take HTTP/2 from clients in clear text, with one worker. Without h2load: none. */
export async function http2Peers(all: readonly Peer[]): Promise<Peer[]> {
  if (which('h2load') === undefined) return []
  const ours = all.filter(({ name }) => name === names.ours)
  const others = Object.entries(commands).flatMap(([name, command]) =>
    all
      .filter((peer) => peer.name === name)
      .map(({ version, placement, arm }) => ({
        name,
        version,
        placement,
        arm: { ...arm, target: findTarget('command').name, variant: { side: 'head', command } },
      })),
  ) as Peer[]
  return [...ours, ...others]
}
