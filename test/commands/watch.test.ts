import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { metricsText } from '../../src/balancer/admin/metrics-text.ts'
import { backendSnapshot, snapshot } from '../balancer/support/snapshot.ts'
import { busyWorker } from '../dashboards/busy-worker.ts'
import { lb } from '../support/processes/lb-in-process.ts'

/** A server with this address. */
async function serving(respond: RequestListener) {
  const server = createServer(respond).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    async [Symbol.asyncDispose]() {
      server.close().closeAllConnections()
    },
  }
}

/** An admin port whose balancer answers 100 requests between two readings. */
function balancer({ token = '' } = {}): RequestListener {
  let readings = 0
  return async ({ url, headers }, response) => {
    if (url !== '/metrics') response.writeHead(404).end()
    else if (token !== '' && headers.authorization !== `Bearer ${token}`)
      response.writeHead(401).end()
    else {
      const responses = [0, 100 * readings++, 0, 0, 0]
      const backends = [backendSnapshot('a:1', { responses })]
      response.end(await metricsText(snapshot({ backends, workers: [busyWorker] })))
    }
  }
}

test('--once prints the figures of four intervals, and --json has every value', async () => {
  await using admin = await serving(balancer())
  const address = `http://127.0.0.1:${admin.port}`
  const { stdout, error } = await lb(`watch ${address} --once --interval 30ms`)
  expect(error).toBeUndefined()
  const rate = Number(/^ {2}2xx +([\d,.]+)\/s$/m.exec(stdout)?.[1]?.replace(',', ''))
  // 400 requests in four intervals, or longer where this machine is busy.
  expect(rate).toBeGreaterThan(0)
  expect(rate).toBeLessThan(100 / 0.029)
  expect(stdout).toContain('client connections  3\n')
  const json = JSON.parse((await lb(`watch ${address} --once --interval 10ms --json`)).stdout)
  expect(json.panels).toHaveLength(6)
  expect(json.at).toHaveLength(5)
})

test('a balancer that goes away and comes back is two lines, between those of its figures', async () => {
  let readings = 0
  const own = balancer()
  await using admin = await serving((request, response) => {
    readings++
    if (readings === 12) process.emit('SIGHUP', 'SIGHUP')
    if (readings > 3 && readings < 7) request.destroy()
    else own(request, response)
  })
  const { stdout, stderr } = await lb(`watch 127.0.0.1:${admin.port} --interval 20ms`)
  expect(stderr).toMatch(
    /^lb: no answer since \d\d:\d\d:\d\d: connection reset; trying again\nlb: it answers again\n$/,
  )
  expect(stdout).toMatch(/^(?:\d\d:\d\d:\d\d {2}requests .*in flight 0 .*\n){3,}$/)
})

test('metrics behind a token', async () => {
  await using admin = await serving(balancer({ token: 'a-secret-token' }))
  const command = `watch 127.0.0.1:${admin.port} --once --interval 10ms`
  const refused = await lb(command)
  expect(refused.stderr).toContain('status 401: it wants a token (LB_ADMIN_TOKEN)')
  expect(refused.error?.oclif?.exit).toBe(2)
  expect((await lb(`${command} --admin-token a-secret-token`)).stdout).toContain('2xx')
})

test.for([
  ['nothing listens', 'http://127.0.0.1:1', 'connection refused'],
  ['a page', '', 'the response is not metrics of Prometheus (line 1, column 1: '],
  ['other metrics', '/other', 'the response has no metrics of lb serve'],
  ['no such path', '/none', 'status 404'],
  ['no address', 'ftp://h', '"ftp://h" is not an http or https address'],
] as const)('%s: one line, and exit code 2', async ([, address, message]) => {
  await using other = await serving(({ url }, response) => {
    if (url === '/none') response.writeHead(404)
    response.end(url === '/other' ? 'go_goroutines 12\n' : '<!doctype html>')
  })
  const place = address.includes(':') ? address : `http://127.0.0.1:${other.port}${address}`
  for (const more of ['', ' --once']) {
    const { stderr, stdout, error } = await lb(`watch ${place}${more}`)
    expect(stderr).toContain(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stdout).toBe('')
    expect(error?.oclif?.exit).toBe(2)
  }
})
