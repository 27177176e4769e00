import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BackendsCounts, BackendsReady } from '../../src/backend/config.ts'
import { which } from '../../src/host/which.ts'
import { acceptsConnections, freePort } from '../../src/lab/ports.ts'
import { startProcess } from '../../src/lab/process.ts'
import { withAffinity } from '../../src/lab/with-affinity.ts'
import { processFamily } from '../../src/meter/process-family.ts'

/** Bytes of a response's body. */
export const bodyBytes = 1024

/** A server that drivers are measured with, or that is measured. */
export interface Server extends AsyncDisposable {
  readonly url: string
  pids(): number[]
  /** Requests so far. */
  received(): Promise<number>
}

/** Starts the process of the mock backends, with one that responds at once, on these CPUs. */
export async function mockBackend(cpus: readonly number[]): Promise<Server> {
  const file = fileURLToPath(new URL('../../dist/src/backend/main.js', import.meta.url))
  const backends = await startProcess({ name: 'the backends', file, cpus })
  const plan = { weight: 1, responseBytes: bodyBytes, concurrency: 0, errorRate: 0 }
  const { ports } = await backends.call<BackendsReady>('start', {
    backends: [{ ...plan, serviceTime: { kind: 'none' } }],
    seed: 1,
  })
  return {
    url: `http://127.0.0.1:${ports[0]}/`,
    pids: () => [backends.pid],
    async received() {
      const { backends: counts } = await backends.call<BackendsCounts>('counts')
      return counts[0]?.received ?? 0
    },
    [Symbol.asyncDispose]: () => backends.stop(),
  }
}

/** nginx with one worker on these CPUs: answers by itself, or passes requests on. Undefined where it is not installed. */
export async function nginx(cpus: readonly number[], to?: string): Promise<Server | undefined> {
  const program = which('nginx')
  if (program === undefined) return undefined
  const folder = await mkdtemp(join(tmpdir(), 'lb-bench-'))
  const port = await freePort()
  const config = join(folder, 'nginx.conf')
  await writeFile(config, nginxConfig(folder, port, to))
  const { file, args } = withAffinity(cpus, program, ['-c', config, '-p', folder, '-e', 'stderr'])
  const child = spawn(file, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  await once(child, 'spawn')
  for (let i = 0; i < 500 && !(await acceptsConnections(port)); i++) {
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return {
    url: `http://127.0.0.1:${port}/`,
    pids: () => processFamily(child.pid as number),
    async received() {
      const text = await (await fetch(`http://127.0.0.1:${port}/lb-status`)).text()
      return Number(/^ \d+ \d+ (\d+)/m.exec(text)?.[1])
    },
    async [Symbol.asyncDispose]() {
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      await exited
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function nginxConfig(folder: string, port: number, to: string | undefined): string {
  const answer =
    to === undefined
      ? `return 200 "${'x'.repeat(bodyBytes)}";`
      : 'proxy_http_version 1.1; proxy_set_header Connection ""; proxy_pass http://backends;'
  const upstream =
    to === undefined
      ? ''
      : `upstream backends { server ${new URL(to).host}; keepalive 64; keepalive_requests 1000000000; }`
  return `daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path ${folder}; proxy_temp_path ${folder}; fastcgi_temp_path ${folder};
  uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
  keepalive_requests 1000000000;
  ${upstream}
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location = /lb-status { stub_status; }
    location / { ${answer} }
  }
}
`
}
