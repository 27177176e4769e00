import { rm } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { place } from '../../src/lab/cores.ts'
import { openLab } from '../../src/lab/lab.ts'
import { acceptsConnections } from '../../src/lab/ports.ts'
import { openTempDir, type TempDir } from '../../src/lab/temp-dir.ts'
import { processFamily } from '../../src/meter/process-family.ts'
import type { BackendPlan } from '../../src/plan/plan.ts'
import { running } from '../support/gone.ts'

const backend: BackendPlan = {
  weight: 1,
  serviceTime: { kind: 'none' },
  responseBytes: 10,
  concurrency: 0,
  errorRate: 0,
}

function order(target: string, scratch: TempDir) {
  return {
    plan: { backends: [backend, backend, backend] },
    arm: { name: target, target, algorithm: 'round-robin', cores: 1 },
    placement: place({ cpus: [0], cores: 1 }),
    seed: 1,
    tempDir: scratch,
    signal: new AbortController().signal,
  }
}

async function ask(url: URL, times: number): Promise<void> {
  for (let i = 0; i < times; i++) expect((await fetch(url)).status).toBe(200)
}

test('what backends and target counted is what was asked, and nothing stays', async () => {
  await using scratch = await openTempDir()
  const lab = await openLab(order('reference', scratch))
  await ask(lab.url, 6)
  const { backends, target } = await lab.counts()
  expect(backends.map(({ received }) => received)).toEqual([2, 2, 2])
  expect(target?.requests).toBe(6)

  const pids = Object.values(lab.pids)
  expect(pids).toHaveLength(3)
  await lab.close()
  expect(pids.filter(running)).toEqual([])
  expect(await acceptsConnections(Number(lab.url.port))).toBe(false)
})

test('without a balancer the driver is sent to a backend itself', async () => {
  await using scratch = await openTempDir()
  await using lab = await openLab(order('direct', scratch))
  await ask(lab.url, 2)
  const { backends, target } = await lab.counts()
  expect(backends.map(({ received }) => received)).toEqual([2, 0, 0])
  expect(target).toBeUndefined()
  expect(lab.pids.target).toBeUndefined()
})

test('a process that dies fails what is guarded, by its name', async () => {
  await using scratch = await openTempDir()
  await using lab = await openLab(order('reference', scratch))
  const guarded = lab.guard(new Promise(() => undefined))
  process.kill(lab.pids.target as number, 'SIGKILL')
  await expect(guarded).rejects.toMatchObject({
    message: 'the target reference was ended by SIGKILL',
    hint: expect.stringContaining(`Logs and configurations are kept in ${scratch.path}/`),
  })
  await rm(scratch.path, { recursive: true })
})

test('what cannot be set up is refused as it was asked, and leaves nothing', async () => {
  await using scratch = await openTempDir()
  const asked = order('reference', scratch)
  const opening = openLab({ ...asked, arm: { ...asked.arm, algorithm: 'does-not-exist' } })
  await expect(opening).rejects.toMatchObject({ code: 'LB_USAGE' })
})

test('a driver that cannot be loaded fails the opening, and the target that started meanwhile is stopped', async () => {
  await using scratch = await openTempDir()
  const before = processFamily(process.pid)
  const opening = openLab({ ...order('reference', scratch), driver: 'does-not-exist' })
  await expect(opening).rejects.toMatchObject({ code: 'LB_USAGE' })
  const after = processFamily(process.pid).filter(running)
  expect(after.filter((pid) => !before.includes(pid))).toEqual([])
})

test('a run that was aborted opens no lab', async () => {
  await using scratch = await openTempDir()
  const signal = AbortSignal.abort(new Error('Ctrl-C'))
  await expect(openLab({ ...order('reference', scratch), signal })).rejects.toThrow('Ctrl-C')
})
