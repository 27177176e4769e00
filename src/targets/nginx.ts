import { effectiveWeight } from './effective-weight.ts'
import { programTarget } from './program-target.ts'
import { sameForAll } from './same-for-all.ts'
import type { TargetOptions } from './target.ts'

/** Directive of `upstream` for each algorithm; round robin is the default, without a directive. */
const directives: Readonly<Record<string, string>> = {
  'round-robin': '',
  weighted: '',
  'least-connections': 'least_conn;',
  'weighted-least-connections': 'least_conn;',
  random: 'random;',
  'weighted-random': 'random;',
  'two-choices': 'random two least_conn;',
  'ip-hash': 'ip_hash;',
  'consistent-hash': 'hash $remote_addr consistent;',
}

const template = `daemon off;
{user}
worker_processes {workers};
pid {scratch}/nginx.pid;
error_log stderr error;

events {
  worker_connections {files};
}

http {
  access_log off;
  gzip off;
  client_body_temp_path {scratch}/client-body;
  proxy_temp_path {scratch}/proxy;
  fastcgi_temp_path {scratch}/fastcgi;
  uwsgi_temp_path {scratch}/uwsgi;
  scgi_temp_path {scratch}/scgi;

  keepalive_timeout {keepAlive}s;
  keepalive_requests 1000000000;

  upstream backends {
    # Shared by all workers, so that least_conn counts the connections of all of them.
    zone backends 1m;
    {algorithm}
    {backends}
    keepalive {pool};
    keepalive_timeout {poolSeconds}s;
    keepalive_requests 1000000000;
  }

  server {
    listen {address}:{port} backlog=4096;

    location / {
      proxy_pass http://backends;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_connect_timeout {connect}s;
      proxy_read_timeout {idle}s;
      proxy_send_timeout {idle}s;
      proxy_next_upstream_tries {tries};
    }
  }
}
`

/** nginx. All modules that are used here are built into Debian's nginx-light. */
export const nginx = programTarget({
  name: 'nginx',
  summary: 'nginx, one worker process per core',
  algorithms: {
    'round-robin': 'round robin',
    weighted: 'round robin, weight=',
    'least-connections': 'least_conn',
    'weighted-least-connections': 'least_conn, weight=',
    random: 'random',
    'weighted-random': 'random, weight=',
    'two-choices': 'random two least_conn',
    'ip-hash': 'ip_hash',
    'consistent-hash': 'hash $remote_addr consistent',
  },
  file: 'nginx',
  install: 'run apt-get install nginx-light',
  version: { args: ['-v'], pattern: /nginx\/(\S+)/ },
  config: 'nginx.conf',
  template,

  values: (options) => ({
    ...sameForAll,
    // Started as root, its workers would run as `nobody`, without access to the temporary directory.
    user: process.getuid?.() === 0 ? 'user root root;' : '',
    algorithm: directives[options.arm.algorithm] ?? '',
    backends: servers(options),
    // worker_connections includes connections to backends.
    files: 2 * sameForAll.connections,
    pool: sameForAll.poolPerBackend * options.backends.length,
  }),

  rules: ({ arm }) => [
    {
      must: 'have',
      pattern: /^\s*keepalive\s+[1-9]/m,
      code: 'config-closes-connections',
      setting: 'keepalive',
    },
    {
      must: 'have',
      pattern: /proxy_http_version\s+1\.1\s*;/,
      code: 'config-http-1.0',
      setting: 'proxy_http_version 1.1',
    },
    {
      must: 'have',
      pattern: /proxy_set_header\s+Connection\s+(""|'')\s*;/,
      code: 'config-closes-connections',
      setting: 'proxy_set_header Connection ""',
    },
    {
      must: 'have',
      // `off` at least once, and no other value anywhere.
      pattern: /^(?![\s\S]*access_log\s+(?!off\b)\S)[\s\S]*access_log\s+off\s*;/,
      code: 'config-logs-requests',
      setting: 'access_log off',
    },
    {
      must: 'have',
      pattern: new RegExp(`worker_processes\\s+${arm.cores}\\s*;`),
      code: 'config-workers',
      setting: 'worker_processes',
      workers: arm.cores,
    },
    { must: 'not have', pattern: /gzip\s+on\s*;/, code: 'config-compresses', setting: 'gzip on' },
  ],

  check: (config) => ['-t', '-q', '-e', 'stderr', '-c', config],
  run: (config) => ['-e', 'stderr', '-c', config],
})

function servers({ arm, backends }: TargetOptions): string {
  const { failures, ejection } = sameForAll
  return backends
    .map((backend) => {
      const weight = effectiveWeight(arm.algorithm, backend)
      const share = weight === 0 ? 'down' : `weight=${weight}`
      return `server ${backend.url.host} ${share} max_fails=${failures} fail_timeout=${ejection}s;`
    })
    .join('\n')
}
