import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { encodePprof } from '../../../src/profile/pprof.ts'
import type { Profile } from '../../../src/profile/profile.ts'
import {
  checkProfileServer,
  fetchProfile,
  type ProfileServer,
} from '../../../src/profile/sources/fetch-profile.ts'

const profile: Profile = {
  kind: 'cpu',
  unit: 'microseconds',
  seconds: 2,
  frames: [{ name: 'main.serve', file: 'main.go', line: 12 }],
  samples: [{ stack: [0], value: 1000 }],
}
const { signal } = new AbortController()
const request = { kind: 'cpu', seconds: 2.6, signal } as const

/** A process that serves profiles; gives the paths that were asked for. */
async function serving(respond: (request: IncomingMessage, response: ServerResponse) => void) {
  const paths: string[] = []
  const server = createServer((asked, response) => {
    paths.push(asked.url ?? '')
    respond(asked, response)
  }).listen(0, '127.0.0.1')
  await new Promise((done) => server.once('listening', done))
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const end = () => {
    server.closeAllConnections()
    return new Promise<void>((done) => server.close(() => done()))
  }
  return { url, paths, [Symbol.asyncDispose]: end }
}

test('a profile in the format of pprof, for whole seconds', async () => {
  await using go = await serving((_, response) => response.end(encodePprof(profile)))
  expect(await fetchProfile({ url: go.url, format: 'pprof' }, request)).toEqual(profile)
  expect(go.paths).toEqual(['/debug/pprof/profile?seconds=2'])
})

test('a profile of lb, as JSON, with the token of the admin port', async () => {
  await using lb = await serving(({ headers }, response) => {
    if (headers.authorization === 'Bearer secret') response.end(JSON.stringify(profile))
    else response.writeHead(401).end('{"error":"the token is wrong"}\n')
  })
  const server: ProfileServer = { url: lb.url, token: 'secret', format: 'json' }
  expect(await fetchProfile(server, request)).toEqual(profile)
  expect(lb.paths).toEqual(['/debug/pprof/profile?seconds=2.6&format=json'])
  const refused = fetchProfile({ ...server, token: 'other' }, request)
  await expect(refused).rejects.toMatchObject({
    code: 'LB_PROCESS',
    message: expect.stringMatching(/debug\/pprof\/profile responds with 401$/),
    hint: '{"error":"the token is wrong"}',
  })
})

test('a server that is not there, and one without profiles, are refused before anything is measured', async () => {
  await using other = await serving((_, response) => response.writeHead(404).end())
  const { url } = other
  await expect(checkProfileServer({ url, format: 'pprof' }, signal)).rejects.toMatchObject({
    code: 'LB_USAGE',
    message: `${url.origin}/debug/pprof/ responds with 404`,
  })
  await other[Symbol.asyncDispose]()
  await expect(checkProfileServer({ url, format: 'pprof' }, signal)).rejects.toMatchObject({
    code: 'LB_USAGE',
    message: `nothing serves profiles at ${url.origin} (ECONNREFUSED)`,
  })
})

test('allocations are those of the seconds of the profile: one since the start of the server is refused', async () => {
  const heap: Profile = { ...profile, kind: 'heap', unit: 'bytes' }
  await using go = await serving((asked, response) =>
    response.end(encodePprof({ ...heap, seconds: asked.headers.authorization ? 0 : 2 })),
  )
  const server: ProfileServer = { url: go.url, format: 'pprof' }
  const allocations = { ...request, kind: 'heap' } as const
  expect(await fetchProfile(server, allocations)).toEqual(heap)
  expect(go.paths).toEqual(['/debug/pprof/allocs?seconds=2'])
  await expect(fetchProfile({ ...server, token: 'old' }, allocations)).rejects.toMatchObject({
    code: 'LB_PROCESS',
    message: expect.stringMatching(/allocs: it has no duration/),
  })
})
