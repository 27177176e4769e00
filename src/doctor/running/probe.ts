import { Agent, type ClientRequest, type IncomingMessage, request as sendHttp } from 'node:http'
import { Agent as SecureAgent, request as sendHttps } from 'node:https'
import { connect, type Socket } from 'node:net'
import { connect as connectSecurely } from 'node:tls'
import type { TargetUrl } from '../../plan/target-url.ts'
import type { OutsideFacts } from './outside-facts.ts'

/** Milliseconds within which each probe must be over. */
const timeout = 3000

/** Requests one after the other, and connections that are opened at once. */
const [requests, connections] = [5, 20]

/** Looks at a server from outside with fewer than 30 short connections; sends GET requests only. */
export async function probe(target: TargetUrl): Promise<OutsideFacts> {
  const { firstByte, keptAlive, first } = await sequence(target)
  const nothing = { firstByte, keptAlive, closes: false, http2: false }
  if ('error' in first) return { first, ...nothing, burst: { opened: 0, failed: {} } }
  return {
    ...{ first, firstByte, keptAlive },
    closes: await closesOnRequest(target),
    http2: await speaksHttp2(target),
    burst: await burst(target),
  }
}

interface Sent {
  readonly response: IncomingMessage
  readonly request: ClientRequest
  /** Seconds to the head of the response. */
  readonly seconds: number
}

/** A request with its response, whose body is read to its end. */
function send({ url, socketPath }: TargetUrl, agent: Agent | SecureAgent): Promise<Sent> {
  const from = performance.now()
  const { promise, resolve, reject } = Promise.withResolvers<Sent>()
  const signal = AbortSignal.timeout(timeout)
  const request = (url.protocol === 'https:' ? sendHttps : sendHttp)(url, {
    ...(socketPath !== undefined && { socketPath }),
    ...{ agent, signal },
  })
  request.once('error', reject)
  request.once('response', (response) => {
    const seconds = (performance.now() - from) / 1000
    response.once('error', reject)
    response.once('end', () => resolve({ response, request, seconds }))
    response.resume()
  })
  request.end()
  return promise
}

function agentFor({ url }: TargetUrl, keepAlive: boolean): Agent | SecureAgent {
  const options = { keepAlive, maxSockets: 1 }
  return url.protocol === 'https:' ? new SecureAgent(options) : new Agent(options)
}

async function sequence(target: TargetUrl) {
  const agent = agentFor(target, true)
  const [firstByte, reused]: [number[], boolean[]] = [[], []]
  let first: OutsideFacts['first'] | undefined
  try {
    for (let i = 0; i < requests; i++) {
      const { response, request, seconds } = await send(target, agent)
      firstByte.push(seconds)
      reused.push(request.reusedSocket)
      first ??= { status: response.statusCode ?? 0, headers: textsOf(response) }
    }
  } catch (error) {
    first ??= { error: codeOf(error) }
  } finally {
    agent.destroy()
  }
  return { firstByte, keptAlive: reused[1] ?? false, first: first ?? { error: 'no response' } }
}

function textsOf({ headersDistinct }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headersDistinct).map(([name, values = []]) => [name, values.join(', ')]),
  )
}

/** Whether the server closes the connection after the response. On a socket: a client of Node would close it itself. */
function closesOnRequest(target: TargetUrl): Promise<boolean> {
  const { pathname, search, host } = target.url
  const socket = open(target, ['http/1.1'])
  const { promise, resolve } = Promise.withResolvers<boolean>()
  socket.setTimeout(timeout, () => resolve(false))
  socket.once('error', () => resolve(false))
  socket.once('end', () => resolve(true))
  socket.once(target.url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
    socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
    socket.resume()
  })
  return promise.finally(() => socket.destroy())
}

/** A socket to a server, over TLS with these protocols where its URL is https. */
function open({ url, socketPath }: TargetUrl, protocols: string[]): Socket {
  const secure = url.protocol === 'https:'
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = Number(url.port || (secure ? 443 : 80))
  const to = socketPath === undefined ? { host, port } : { path: socketPath }
  if (!secure) return connect(to)
  // Which protocol a server chooses is no secret, and a certificate was checked with the first request.
  return connectSecurely({ ...to, ALPNProtocols: protocols, rejectUnauthorized: false })
}

/** The preface of a client with an empty SETTINGS frame. RFC 9113, sections 3.4 and 6.5. */
const preface = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
])

/** Whether the server speaks HTTP/2: by ALPN over TLS, by prior knowledge over clear text. */
export function speaksHttp2(target: TargetUrl): Promise<boolean> {
  const socket = open(target, ['h2', 'http/1.1'])
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const secure = target.url.protocol === 'https:'
  socket.setTimeout(timeout, () => resolve(false))
  socket.once('error', () => resolve(false))
  socket.once('close', () => resolve(false))
  if (secure) {
    socket.once('secureConnect', () =>
      resolve((socket as Socket & { alpnProtocol?: string | false }).alpnProtocol === 'h2'),
    )
  } else {
    socket.once('connect', () => void socket.write(preface))
    // The first frame of a server is SETTINGS, whose type is 4.
    socket.once('data', (bytes) => resolve(bytes.length > 3 && bytes[3] === 4))
  }
  return promise.finally(() => socket.destroy())
}

async function burst(target: TargetUrl): Promise<OutsideFacts['burst']> {
  const all = await Promise.all(Array.from({ length: connections }, () => opened(target)))
  const failed: Record<string, number> = {}
  for (const code of all) if (code !== undefined) failed[code] = (failed[code] ?? 0) + 1
  return { opened: connections, failed }
}

/** Why a connection could not be opened; undefined if it could. */
function opened(target: TargetUrl): Promise<string | undefined> {
  const socket = open(target, ['http/1.1'])
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  socket.setTimeout(timeout, () => resolve('timed out'))
  socket.once('error', (error) => resolve(codeOf(error)))
  socket.once(target.url.protocol === 'https:' ? 'secureConnect' : 'connect', () =>
    resolve(undefined),
  )
  return promise.finally(() => socket.destroy())
}

function codeOf(error: unknown): string {
  const { code, name, message } = error as NodeJS.ErrnoException
  if (name === 'AbortError' || name === 'TimeoutError') return 'timed out'
  return typeof code === 'string' ? code : message
}
