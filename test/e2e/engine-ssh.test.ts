import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { processFamily } from '../../src/meter/process-family.ts'
import { resultDocument } from '../../src/result/document.ts'
import { loadResult } from '../../src/result/schemas/load.ts'
import { ok, scriptedServer } from '../support/http/scripted-server.ts'
import { startLbIn } from '../support/processes/built-lb.ts'
import { sshdLack, startSshd } from '../support/processes/loopback-sshd.ts'
import { stillRunning } from '../support/processes/still-running.ts'

const lack = sshdLack()

describe.skipIf(lack)(`by ssh${lack ? `: ${lack}` : ''}`, () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lb-ssh-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  /** Starts lb with these nodes; its sessions are those of a server on the loopback address. */
  async function onHosts(
    command: readonly string[],
    nodes: readonly string[],
    ...args: readonly string[]
  ) {
    const lines = [...nodes, `command: ${JSON.stringify(command)}`, '']
    await writeFile(join(folder, 'nodes.yaml'), lines.join('\n'))
    return startLbIn(
      folder,
      ...[...args, '--progress', 'none', '--engine', 'ssh', '--nodes', 'nodes.yaml'],
    )
  }

  test('three hosts send one load, and end with it', async () => {
    await using sshd = await startSshd()
    await using server = await scriptedServer(() => ({ answer: ok }))
    const { pid, finished } = await onHosts(
      sshd.command,
      ['drivers: [a, b, c]'],
      ...['load', server.url.href, '--stage', '1s@90/s', '--seed', '1'],
    )
    await vi.waitFor(() => expect(server.requests).toBeGreaterThan(10), { timeout: 20_000 })
    const sessions = processFamily(pid)
    const { code, stderr } = await finished
    expect({ code, stderr }).toMatchObject({ code: 0 })
    const found = loadResult.parse(
      JSON.parse(await readFile(join(folder, '.lb/last.json'), 'utf8')),
    )
    expect(found.engine?.nodes.map(({ name }) => name)).toEqual(['a', 'b', 'c'])
    expect(found.stages[0]).toMatchObject({ planned: 90, sent: 90, valid: true })
    expect(found.drivers).toMatchObject({ count: 3, lost: [] })
    expect(await stillRunning(sessions, 5)).toEqual([])
  })

  test('drivers, backends and target each run on their host, and are measured there', async () => {
    await using sshd = await startSshd()
    const { code, stdout, stderr } = await (
      await onHosts(
        sshd.command,
        ['drivers: [a]', 'backends: [b]', 'target: [c]'],
        ...['bench', '--algo', 'round-robin', '--phase', 'latency', '--rate', '200', '--seed', '1'],
        ...['--trials', '1', '--duration', '400ms', '--warmup', '200ms', '--no-control', '--full'],
        ...['--output', 'result.json', '--no-keep'],
      )
    ).finished
    // Invalid where the host is busy.
    expect([0, 97], stderr).toContain(code)
    const text = stdout.replaceAll(/\s+/g, ' ')
    expect(text).toContain('drivers on a by ssh, backends on b, target on c · clocks off by up to ')
    const document = resultDocument.parse(
      JSON.parse(await readFile(join(folder, 'result.json'), 'utf8')),
    )
    expect(document.engine).toMatchObject({
      name: 'ssh',
      nodes: [
        { name: 'a', drivers: 1 },
        { name: 'b', drivers: 0, backends: true },
        { name: 'c', drivers: 0, target: true },
      ],
    })
    const [trial] = document.trials
    expect(trial?.processes.map(({ role }) => role)).toEqual(['target', 'driver', 'backends'])
    for (const { userSeconds, systemSeconds, rssPeakBytes } of trial?.processes ?? []) {
      expect(userSeconds + systemSeconds).toBeGreaterThan(0)
      expect(rssPeakBytes).toBeGreaterThan(1e6)
    }
    // Counted on three hosts: by the drivers, the target and the backends.
    const received = trial?.perBackend.reduce((sum, count) => sum + count, 0) ?? 0
    expect(received).toBe(trial?.total.ok)
    expect(trial?.targetRequests).toBe(trial?.total.ok)
  })
})
