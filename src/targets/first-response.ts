import { once } from 'node:events'
import { Agent, type IncomingMessage, request as sendHttp1 } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http2'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { type Dialer, dialer } from '../connect/dialer.ts'
import { usableEndpoints } from '../connect/usable-endpoints.ts'
import { UsageError } from '../kit/errors.ts'
import { readBytes } from '../kit/read-bytes.ts'
import type { RequestPlan } from '../plan/plan.ts'
import { bodyOf, requestFields, withContent } from '../plan/request-fields.ts'
import { shownUrl, targetUrl } from '../plan/target-url.ts'
import type { Transport } from '../plan/transport.ts'

/** A response, in the parts that affect what it costs a target to send it. */
export interface FirstResponse {
  readonly status: number
  readonly httpVersion: string
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** At most 16 MiB of it. */
  readonly body: Buffer
}

/** How a first request is sent. */
interface FirstRequestOptions extends Transport {
  /** Seconds within which the response must be complete. */
  readonly timeout: number
  readonly signal: AbortSignal
}

/**
 * Sends one request as the drivers do, over a connection that may stay open and without asking for compression, and
 * returns the response; a redirect is a response like any other. Of several addresses the first that accepts a connection
 * is used.
 *
 * @throws {UsageError} the server does not speak HTTP/2, which the transport requires, or its name does not resolve
 * @throws the error for which there was no complete response in time
 */
export async function firstResponse(
  url: URL,
  plan: RequestPlan,
  { timeout, signal, ...transport }: FirstRequestOptions,
): Promise<FirstResponse> {
  const dial = await dialer(targetUrl(url.href), transport)
  const ended = AbortSignal.any([signal, AbortSignal.timeout(timeout * 1000)])
  const { usable } = await usableEndpoints(dial.endpoints)
  const socket = dial.open(usable[0])
  try {
    return transport.http2
      ? await overHttp2(socket, plan, { dial, signal: ended })
      : await overHttp1(socket, plan, { dial, signal: ended })
  } finally {
    socket.destroy()
  }
}

/** Bytes of a body that are read: a server may send without an end. */
const maxBody = 16 * 2 ** 20

async function bodyIn(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return (await readBytes(stream, maxBody)).bytes
}

interface SendOptions {
  readonly dial: Dialer
  readonly signal: AbortSignal
}

async function overHttp1(
  socket: Socket,
  plan: RequestPlan,
  { dial, signal }: SendOptions,
): Promise<FirstResponse> {
  const agent = new Agent({ keepAlive: true })
  agent.createConnection = () => socket
  const { method, path } = plan
  // The path beside the URL, which would normalise it.
  const headers = Object.fromEntries(requestFields(plan, dial.target.url))
  const request = sendHttp1({ method, path, agent, signal, headers })
  const body = bodyOf(plan)
  request.end(body.length > 0 ? body : undefined)
  const [response] = (await once(request, 'response', { signal })) as [IncomingMessage]
  const { statusCode = 0, httpVersion, headers: fields } = response
  return { status: statusCode, httpVersion, headers: fields, body: await bodyIn(response) }
}

async function overHttp2(
  socket: Socket,
  plan: RequestPlan,
  { dial, signal }: SendOptions,
): Promise<FirstResponse> {
  // Before there is a session: it would end its stream with another error than that of the connection.
  await once(socket, dial.secure ? 'secureConnect' : 'connect', { signal })
  if (dial.secure && (socket as TLSSocket).alpnProtocol !== 'h2') throw noHttp2(dial)
  const { connect } = await import('node:http2')
  const { url } = dial.target
  const session = connect(url.origin, { createConnection: () => socket })
  try {
    const failed = once(session, 'error', { signal }).then(([error]) => Promise.reject(error))
    return await Promise.race([failed, exchange()])
  } catch (error) {
    // A server of HTTP/1.1 answers the preface with a response, or closes the connection.
    const { code = '' } = error as NodeJS.ErrnoException
    throw !dial.secure && /ERR_HTTP2|ECONNRESET|EPIPE/.test(code) ? noHttp2(dial) : error
  } finally {
    session.destroy()
  }

  async function exchange(): Promise<FirstResponse> {
    const body = bodyOf(plan)
    const hasLength = body.length > 0 || withContent.includes(plan.method)
    const fields = requestFields(plan, url).map(([name, value]) => {
      return [name.toLowerCase() === 'host' ? ':authority' : name, value] as const
    })
    const stream = session.request(
      {
        ':method': plan.method,
        ':path': plan.path,
        ':scheme': url.protocol.slice(0, -1),
        ...Object.fromEntries(fields),
        ...(hasLength && { 'content-length': String(body.length) }),
      },
      { endStream: body.length === 0 },
    )
    // It fails with its session, too, whose error is the one that is thrown.
    stream.on('error', () => undefined)
    if (body.length > 0) stream.end(body)
    const [headers] = (await once(stream, 'response', { signal })) as [IncomingHttpHeaders]
    const { ':status': status = 0, ...rest } = headers as IncomingHttpHeaders & {
      ':status'?: number
    }
    return { status, httpVersion: '2.0', headers: rest, body: await bodyIn(stream) }
  }
}

function noHttp2({ target }: Dialer): UsageError {
  return new UsageError(
    `--http2: ${shownUrl(target)} does not speak HTTP/2`,
    'omit --http2, or enable HTTP/2 in the server',
  )
}
