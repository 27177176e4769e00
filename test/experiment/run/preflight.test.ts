import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { preflight } from '../../../src/experiment/run/preflight.ts'
import { openSession } from '../../../src/experiment/run/session.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import { arm, planOf } from '../../support/results/measurements.ts'
import { backend } from '../evidence.ts'

let other: Server
beforeAll(async () => {
  other = createServer((_, response) => response.end('<html>'))
  await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening))
})
afterAll(() => other.close())

/** The facts that a preflight finds about the targets of a plan. */
async function checked(arms: Plan['arms'], differs: Partial<Plan> = {}) {
  await using session = await openSession({ signal: new AbortController().signal })
  return await preflight({ plan: planOf(arms, { blocks: 1, ...differs }), session })
}

test('the responses of the reference are those of its backends, whatever their delays and errors', async () => {
  const backends = [10, 2000].map((responseBytes) =>
    backend({ responseBytes, errorRate: 1, serviceTime: { kind: 'fixed', seconds: 60 } }),
  )
  const arms = [arm('round-robin'), arm('direct', { target: 'direct', algorithm: 'none' })]
  const request = { method: 'POST', path: '/x', bodyBytes: 300 } as const
  expect(await checked(arms, { backends, request })).toEqual([
    { target: 'reference', version: 'built in', configWarnings: [], responseDifferences: [] },
  ])
})

test('a target with different responses is flagged, with the differences', async () => {
  const server =
    'require("http").createServer((_, to) => to.end("<html>")).listen({port}, "127.0.0.1")'
  const settings = { command: { command: `exec '${process.execPath}' -e '${server}'` } }
  const arms = [arm('command', { target: 'command', algorithm: 'none' })]
  const [facts] = await checked(arms, { settings })
  expect(facts).toMatchObject({ target: 'command', configWarnings: [] })
  expect(facts?.ownBackends).toBeUndefined()
  expect(facts?.responseDifferences).toEqual([
    {
      code: 'response-field',
      values: { field: 'content-type', through: 'none', direct: 'text/plain' },
    },
    {
      code: 'response-field',
      values: { field: 'the body', through: '6 bytes', direct: '128 bytes' },
    },
  ])
})

test('the response of a server with backends of its own is not compared with ours', async () => {
  const { port } = other.address() as AddressInfo
  const settings = { url: { url: `http://127.0.0.1:${port}/` } }
  const arms = [arm('url', { target: 'url', algorithm: 'none' })]
  expect(await checked(arms, { settings })).toEqual([
    { target: 'url', configWarnings: [], ownBackends: true, responseDifferences: [] },
  ])
})

test('a target that dies at its start ends the preflight; the error has the end of its log, and the folder is kept', async () => {
  const settings = { command: { command: 'echo "cannot listen on {port}" >&2; exit 3' } }
  const dying = checked([arm('command', { target: 'command', algorithm: 'none' })], { settings })
  const error = await dying.then(
    () => undefined,
    (reason: { hint: string }) => reason,
  )
  expect(error).toMatchObject({
    exitCode: 1,
    message: 'the target command ended with exit code 3',
    hint: expect.stringMatching(/cannot listen on \d+/),
  })
  const [, folder = ''] = /configurations are kept in (\S+)\./.exec(error?.hint ?? '') ?? []
  expect(existsSync(join(folder, 'target.log'))).toBe(true)
  await rm(join(folder, '..'), { recursive: true })
})
