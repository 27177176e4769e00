import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkConfig } from '../../src/balancer/config/config.ts'
import { missedTurns } from '../../src/lab/read-back.ts'
import type { ReadBack } from '../../src/plan/turn.ts'

const settings = checkConfig({ backends: [{ url: 'http://127.0.0.1:1' }], limits: { pool: 0 } })
const inForce = async () => ({ settings, workers: [{ youngGeneration: 6, oldSpace: undefined }] })

async function missed(readBack: ReadBack[], pid: number = process.pid): Promise<string[]> {
  const turns = [{ knob: 'one', value: 'x', readBack }]
  const pids = { target: [pid], driver: [], backends: [] }
  return (await missedTurns({ turns }, { pids, inForce })).map(
    ({ what, wanted, found }) => `${what}: ${found}, not ${wanted}`,
  )
}

test('fields and heap limits are those that the balancer reports', async () => {
  expect(
    await missed([
      { from: 'settings', what: 'limits.pool', is: '0' },
      { from: 'workers', what: 'youngGeneration', is: '6' },
    ]),
  ).toEqual([])
  expect(
    await missed([
      { from: 'settings', what: 'limits.pool', is: '4' },
      { from: 'settings', what: 'accessLog', is: 'present' },
      { from: 'workers', what: 'youngGeneration', is: '32' },
    ]),
  ).toEqual([
    'settings limits.pool: 0, not 4',
    'settings accessLog: null, not present',
    'workers youngGeneration: 6, not 32',
  ])
})

test('variables, threads, processes and the configuration of a program are those of its process', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'read-back-'))
  const config = join(folder, 'own.cfg')
  writeFileSync(config, '# keepalive off\nnbthread   2\n')
  const program = spawn('sh', ['-c', 'echo; read line', '-f', config], {
    env: { ...process.env, GOGC: '400' },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  try {
    await once(program.stdout, 'data')
    const { pid = 0 } = program
    expect(
      await missed(
        [
          { from: 'environment', what: 'GOGC', is: '400' },
          { from: 'threads', what: '', is: '1' },
          { from: 'processes', what: '', is: '0' },
          { from: 'configuration', what: 'nbthread 2', is: 'present' },
          { from: 'configuration', what: 'keepalive off', is: 'absent' },
        ],
        pid,
      ),
    ).toEqual([])
    expect(
      await missed(
        [
          { from: 'environment', what: 'GOGC', is: '100' },
          { from: 'configuration', what: 'keepalive off', is: 'present' },
        ],
        pid,
      ),
    ).toEqual([
      'environment GOGC: 400, not 100',
      'configuration keepalive off: absent, not present',
    ])
  } finally {
    program.kill('SIGKILL')
    rmSync(folder, { recursive: true })
  }
})
