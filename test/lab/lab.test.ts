import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { get } from 'node:http'
import { expect, test } from 'vitest'
import { place } from '../../src/lab/cores.ts'
import { openLab } from '../../src/lab/lab.ts'
import { acceptsConnections } from '../../src/lab/ports.ts'
import { openTempDir, type TempDir } from '../../src/lab/temp-dir.ts'
import { processFamily } from '../../src/meter/process-family.ts'
import type { BackendPlan } from '../../src/plan/plan.ts'
import { running } from '../support/processes/still-running.ts'

const backend: BackendPlan = {
  weight: 1,
  serviceTime: { kind: 'none' },
  responseBytes: 10,
  concurrency: 0,
  errorRate: 0,
}

function labOptions(target: string, tempDir: TempDir) {
  return {
    plan: { backends: [backend, backend, backend] },
    arm: { name: target, target, algorithm: 'round-robin', cores: 1 },
    placement: place({ cpus: [0], cores: 1 }),
    seed: 1,
    tempDir,
    signal: new AbortController().signal,
  }
}

async function request(url: URL, times: number): Promise<void> {
  for (let i = 0; i < times; i++) expect((await fetch(url)).status).toBe(200)
}

async function requestOnNewConnection(url: URL): Promise<void> {
  const [response] = await once(get(url, { agent: false }), 'response')
  response.resume()
  await once(response, 'end')
}

test('backends and target count the requests that were sent, and no process is left', async () => {
  await using tempDir = await openTempDir()
  const lab = await openLab(labOptions('reference', tempDir))
  await request(lab.url, 6)
  const { backends, target } = await lab.counts()
  expect(backends.map(({ received }) => received)).toEqual([2, 2, 2])
  expect(target?.requests).toBe(6)

  const pids = Object.values(lab.pids).flat()
  expect(pids).toHaveLength(3)
  await lab.close()
  expect(pids.filter(running)).toEqual([])
  expect(await acceptsConnections(Number(lab.url.port))).toBe(false)
})

test('the target direct is all backends, each with its share of the connections', async () => {
  await using tempDir = await openTempDir()
  await using lab = await openLab(labOptions('direct', tempDir))
  for (let i = 0; i < 6; i++) await requestOnNewConnection(lab.url)
  const { backends, target } = await lab.counts()
  expect(backends.map(({ received }) => received)).toEqual([2, 2, 2])
  expect(target).toBeUndefined()
  expect(lab.pids.target).toEqual([])

  // Temporary files of a driver that is killed are removed with those of the session.
  const environment = readFileSync(`/proc/${lab.pids.driver[0]}/environ`, 'latin1').split('\0')
  expect(environment).toContainEqual(expect.stringContaining(`TMPDIR=${tempDir.path}/`))
})

test('when a process dies, guarded work fails with the name of the process', async () => {
  await using tempDir = await openTempDir()
  await using lab = await openLab(labOptions('reference', tempDir))
  const guarded = lab.guard(new Promise(() => undefined))
  process.kill(lab.pids.target[0] as number, 'SIGKILL')
  await expect(guarded).rejects.toMatchObject({
    message: 'the target reference was ended by SIGKILL',
    hint: expect.stringContaining(`Logs and configurations are kept in ${tempDir.path}/`),
  })
  await rm(tempDir.path, { recursive: true })
})

test('an arm that cannot be configured is a usage error', async () => {
  await using tempDir = await openTempDir()
  const options = labOptions('reference', tempDir)
  const opening = openLab({ ...options, arm: { ...options.arm, algorithm: 'does-not-exist' } })
  await expect(opening).rejects.toMatchObject({ code: 'LB_USAGE' })
})

test('a driver that cannot be loaded fails openLab, and the target that started meanwhile is stopped', async () => {
  await using tempDir = await openTempDir()
  const before = processFamily(process.pid)
  const opening = openLab({ ...labOptions('reference', tempDir), driver: 'does-not-exist' })
  await expect(opening).rejects.toMatchObject({ code: 'LB_USAGE' })
  const after = processFamily(process.pid).filter(running)
  expect(after.filter((pid) => !before.includes(pid))).toEqual([])
})

test('an aborted signal rejects openLab', async () => {
  await using tempDir = await openTempDir()
  const signal = AbortSignal.abort(new Error('Ctrl-C'))
  await expect(openLab({ ...labOptions('reference', tempDir), signal })).rejects.toThrow('Ctrl-C')
})
