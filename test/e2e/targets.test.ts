import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { processFamily } from '../../src/meter/process-family.ts'
import { type ResultDocument, resultDocument } from '../../src/result/document.ts'
import { caddy } from '../../src/targets/caddy.ts'
import { haproxy } from '../../src/targets/haproxy.ts'
import { nginx } from '../../src/targets/nginx.ts'
import { startLb } from '../support/processes/built-lb.ts'
import { stillRunning } from '../support/processes/still-running.ts'
import { allCounted } from '../support/results/counted.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lb-test-'))
})
afterAll(() => rm(folder, { recursive: true }))

const short = [
  ...['--phase', 'capacity', '--trials', '1', '--warmup', '100ms', '--duration', '300ms'],
  // No trial is run to choose the driver.
  ...['--connections', '5', '--seed', '1', '--driver', 'autocannon'],
]

const programs = [nginx, haproxy, caddy]
const missing = await Promise.all(programs.map(({ unavailable }) => unavailable()))
const here = programs.filter((_, i) => missing[i] === undefined).map(({ name }) => name)

/** Runs `lb bench …`, and gives what it printed once it and all that it was seen to start are gone. */
async function bench(...args: string[]) {
  const lb = startLb('bench', ...args, ...short)
  const started = new Set<number>()
  const looking = setInterval(() => {
    for (const pid of processFamily(lb.pid)) started.add(pid)
  }, 200)
  const { code, stdout, stderr } = await lb.finished
  clearInterval(looking)
  expect(await stillRunning([...started], 0)).toEqual([])
  return { code, stdout, stderr }
}

/** The result that `--json` printed: not an error. */
function documentIn(stdout: string): ResultDocument {
  const printed = JSON.parse(stdout)
  expect(printed.error).toBeUndefined()
  return resultDocument.parse(printed)
}

describe.skipIf(here.length < programs.length)('side by side', () => {
  let document: ResultDocument
  beforeAll(async () => {
    const asked = 'round-robin,least-connections,peak-ewma'
    const names = `reference,${here.join(',')}`
    const { stdout } = await bench('--target', names, '--algo', asked, '--json')
    document = documentIn(stdout)
  })

  test('each is measured with the algorithms that it has, and the others are skipped', () => {
    expect(document.findings.map(({ arm }) => arm)).toEqual([
      ...['round-robin ×1', 'least-connections ×1', 'peak-ewma ×1'],
      ...here.flatMap((name) => [`${name} round-robin ×1`, `${name} least-connections ×1`]),
      'direct',
    ])
    expect(document.plan.skipped?.map(({ target }) => target)).toEqual(here)
  })

  test('all have the responses of the backends, and a version', () => {
    expect(document.targets?.map(({ target }) => target)).toEqual(['reference', ...here])
    for (const { version, responseDifferences } of document.targets ?? []) {
      expect(version).toMatch(/\d|built in/)
      expect(responseDifferences).toEqual([])
    }
  })

  test('each has its costs, and its balance as counted by the backends', () => {
    for (const { arm, balance, metrics, perBackend } of allCounted(document).findings) {
      if (arm === 'direct') continue
      expect(metrics.rssMean?.center).toBeGreaterThan(1e6)
      expect(metrics.cpuPerRequest?.center).toBeGreaterThan(0)
      expect(perBackend).toHaveLength(3)
      expect(balance?.fairness).toBeGreaterThan(1 / 3)
      if (arm.includes('round-robin')) expect(balance?.fairness).toBeGreaterThan(0.95)
    }
  })
})

describe.skipIf(!here.includes('haproxy'))('a configuration of the user', () => {
  const alone = ['--target', 'haproxy', '--algo', 'round-robin', '--no-control']
  let dumped: string
  beforeAll(async () => {
    const { code, stdout } = await bench(...alone, '--dump-config')
    expect(code).toBe(0)
    dumped = stdout
  })

  /** What lb writes for HAProxy, as a template again, with something added to it. */
  async function template(added: string): Promise<string> {
    const own = dumped
      .split('\n')
      .filter((line) => !line.startsWith('==>'))
      .join('\n')
      .replace(/bind .*/, `bind {address}:{port}${added}`)
      .replace(/server backend-1[\s\S]*/, '{backends}\n')
    const file = join(folder, `haproxy-${added.length}.cfg`)
    await writeFile(file, own)
    return `haproxy=${file}`
  }

  test('starts from --dump-config; a setting that makes it unfair is a warning and part of the result', async () => {
    const config = await template('\n  compression algo gzip')
    const { stdout, stderr } = await bench(...alone, '--target-config', config, '--json')
    expect(stderr.trim()).toMatch(/^lb: warning: haproxy is not compared fairly: it compresses .*$/)
    const document = documentIn(stdout)
    expect(document.targets).toMatchObject([
      { configWarnings: [{ code: 'config-compresses' }], responseDifferences: [] },
    ])
    expect(document.findings[0]?.metrics.throughput?.center).toBeGreaterThan(0)
  })

  test('with which it dies at its start: the error has its output, and the file is kept', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((listening) => taken.once('listening', listening))
    const { port } = taken.address() as { port: number }
    const config = await template(`\n  bind 127.0.0.1:${port}`)
    const { code, stdout, stderr } = await bench(...alone, '--target-config', config)
    taken.close()
    expect({ code, stdout, lines: stderr.trim().split('\n').length }).toEqual({
      code: 1,
      stdout: '',
      lines: 1,
    })
    expect(stderr).toMatch(/the target haproxy ended with exit code 1: .*cannot bind socket/)
    const [, kept = ''] = /configurations are kept in (\S+)\./.exec(stderr) ?? []
    expect(readFileSync(join(kept, 'target/haproxy.cfg'), 'utf8')).toContain(String(port))
    const [, log = ''] = /Last lines of its log \((\S+)\)/.exec(stderr) ?? []
    expect(existsSync(log)).toBe(true)
    await rm(join(kept, '..'), { recursive: true })
  })
})
