import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from 'node:http2'
import {
  type Attempt,
  type Clients,
  type NumberedRequest,
  nowMs,
  postBody,
  timeoutMs,
} from './attempt.ts'

/** Connections that requests take in turn, so that the workers of a balancer share them. */
const connections = 20

/** The type of HEADERS frames: RFC 9113, section 6.2. */
const headersFrame = 1

/** A connection, and when it was opened. */
interface Connection {
  readonly session: ClientHttp2Session
  readonly port: number
  readonly openedMs: number
  /** It has carried a request. */
  used: boolean
}

/** Clients in HTTP/2: node:http2, which shares no code with the balancer. */
export function http2Clients(): Clients {
  const pool: (Connection | undefined)[] = Array.from({ length: connections })
  /** All that are open: one whose server has hung ends neither its streams nor itself. */
  const sessions = new Set<ClientHttp2Session>()
  let turn = 0

  function open(port: number): Connection {
    const session = connect(`http://127.0.0.1:${port}`)
    sessions.add(session)
    session.on('close', () => sessions.delete(session))
    // Streams report it.
    session.on('error', () => undefined)
    return { session, port, openedMs: nowMs(), used: false }
  }

  function pooled(port: number): Connection {
    const index = turn++ % connections
    const current = pool[index]
    if (current !== undefined && isOpen(current) && current.port === port) return current
    // Its streams may end; later ones go to the current port.
    current?.session.close()
    const next = open(port)
    pool[index] = next
    return next
  }

  return {
    async attempt(request, fresh) {
      if (!fresh) return await attempt(pooled(request.port), request)
      const own = open(request.port)
      const ended = await attempt(own, request)
      own.session.close()
      return ended
    },
    close() {
      for (const session of sessions) session.destroy()
    },
  }
}

/** Whether it takes further streams: no GOAWAY came, and it was not closed. */
function isOpen({ session }: Connection): boolean {
  return !session.closed && !session.destroyed
}

function attempt(connection: Connection, { path, method }: NumberedRequest): Promise<Attempt> {
  const { session, openedMs, used } = connection
  connection.used = true
  return new Promise((resolve) => {
    const post = method === 'POST'
    const length = post ? { 'content-length': String(postBody.length) } : {}
    const head = { ':method': method, ':path': path, ...length }
    const stream = session.request(head, { endStream: !post })
    let status: number | undefined
    let complete = false
    let error: Error | undefined
    // Its server has announced its end before the head was sent: the request did not leave this process.
    let unsent = false
    const end = (outcome: string, unprocessed = false) =>
      resolve({
        outcome,
        reused: used,
        responseBegun: status !== undefined,
        unprocessed,
        connectionMs: openedMs,
        endedMs: nowMs(),
      })
    const timer = setTimeout(() => {
      end('ETIMEDOUT')
      stream.close(constants.NGHTTP2_CANCEL)
    }, timeoutMs)
    stream.on('response', (fields) => {
      status = fields[':status']
    })
    stream.on('end', () => {
      complete = status !== undefined
    })
    stream.on('frameError', (type: number) => {
      unsent ||= type === headersFrame
    })
    stream.on('error', (cause: Error) => {
      error = cause
    })
    stream.on('close', () => {
      clearTimeout(timer)
      // A stream that was cut off may end, too.
      const succeeded = complete && stream.rstCode === constants.NGHTTP2_NO_ERROR && !stream.aborted
      if (succeeded) end(String(status))
      else {
        const refused = stream.rstCode === constants.NGHTTP2_REFUSED_STREAM
        end(failureOf(stream, session, error), refused || unsent)
      }
    })
    stream.resume()
    if (post) stream.end(postBody)
  })
}

/** The error code of a stream: that of its connection, or the code with which the server reset it. */
function failureOf(
  { rstCode }: ClientHttp2Stream,
  session: ClientHttp2Session,
  error: Error | undefined,
): string {
  if (rstCode === constants.NGHTTP2_REFUSED_STREAM) return 'REFUSED_STREAM'
  const cause = error?.cause instanceof Error ? error.cause : error
  const { code = '' } = (cause ?? {}) as NodeJS.ErrnoException
  if (/^E[A-Z]+$/.test(code)) return code
  return session.destroyed ? 'ECONNRESET' : `RST_STREAM ${rstCode}`
}
