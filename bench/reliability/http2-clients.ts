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
  /** Its server has announced, without an error, that it ends it. */
  leaving: boolean
}

/** An attempt, and whether it is known that its request never left this process. */
interface PossiblyUnsent extends Attempt {
  readonly unsent: boolean
}

/** Connections on which a request is tried that leaves this process on none of them. */
const maxUnsent = 3

/**
 * Clients in HTTP/2: node:http2, which shares no code with the balancer. A request that had not left this process when the
 * server announced the end of its connection is sent on another one within the same attempt: no server has seen it.
 */
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
    const connection = { session, port, openedMs: nowMs(), used: false, leaving: false }
    session.on('goaway', (code) => {
      connection.leaving ||= code === constants.NGHTTP2_NO_ERROR
    })
    return connection
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
      for (let left = maxUnsent - 1; ; left--) {
        const connection = fresh ? open(request.port) : pooled(request.port)
        const { unsent, ...ended } = await attempt(connection, request)
        if (fresh) connection.session.close()
        if (!unsent || left === 0) return ended
      }
    },
    close() {
      for (const session of sessions) session.destroy()
    },
  }
}

/** Whether it takes further streams: no GOAWAY came, and it was not closed. */
function isOpen({ session, leaving }: Connection): boolean {
  return !leaving && !session.closed && !session.destroyed
}

function attempt(
  connection: Connection,
  { path, method }: NumberedRequest,
): Promise<PossiblyUnsent> {
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
    let headFailed = false
    const end = (outcome: string, refused = false) => {
      // nghttp2 closes such a stream with REFUSED_STREAM, as if the server had refused it.
      const unsent = headFailed || (connection.leaving && stream.id === undefined)
      resolve({
        outcome: unsent ? 'not sent' : outcome,
        unsent,
        reused: used,
        responseBegun: status !== undefined,
        unprocessed: refused || unsent,
        connectionMs: openedMs,
        endedMs: nowMs(),
      })
    }
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
      headFailed ||= type === headersFrame
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
        end(failureOf(stream, session, error), refused)
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
