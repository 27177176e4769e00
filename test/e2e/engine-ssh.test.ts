import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { processFamily } from '../../src/meter/process-family.ts'
import { loadResult } from '../../src/result/schemas/load.ts'
import { ok, scriptedServer } from '../support/http/scripted-server.ts'
import { startLbIn } from '../support/processes/built-lb.ts'
import { sshdLack, startSshd } from '../support/processes/loopback-sshd.ts'
import { stillRunning } from '../support/processes/still-running.ts'

const lack = sshdLack()

test.skipIf(lack)(
  `by ssh, three hosts send one load, and end with it${lack ? `: ${lack}` : ''}`,
  async () => {
    await using sshd = await startSshd()
    await using server = await scriptedServer(() => ({ answer: ok }))
    const folder = await mkdtemp(join(tmpdir(), 'lb-ssh-'))
    try {
      await writeFile(
        join(folder, 'nodes.yaml'),
        `drivers: [a, b, c]\ncommand: ${JSON.stringify(sshd.command)}\n`,
      )
      const { pid, finished } = startLbIn(
        folder,
        ...['load', server.url.href, '--stage', '1s@90/s', '--seed', '1', '--progress', 'none'],
        ...['--engine', 'ssh', '--nodes', 'nodes.yaml'],
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
    } finally {
      await rm(folder, { recursive: true })
    }
  },
)
