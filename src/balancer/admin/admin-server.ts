import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { UsageError } from '../../kit/errors.ts'
import type { AdminSettings } from '../config/admin-settings.ts'
import { ChangeError } from '../health/change-error.ts'
import { authorize } from './authorize.ts'
import { Refused } from './refused.ts'
import { type AdminResponse, type AdminSource, asked } from './routes.ts'

/** The admin port, open. */
export interface AdminServer extends AsyncDisposable {
  readonly port: number
}

/** Milliseconds that a request may take, and connections at once: few ask, and none for long. */
const requestTimeout = 10_000
const mostConnections = 64

/**
 * Opens the admin port: what the balancer does, to read, and with the token to change.
 *
 * @throws UsageError where the port cannot be opened.
 */
export async function openAdmin(
  settings: AdminSettings,
  source: AdminSource,
): Promise<AdminServer> {
  const server = createServer(
    { requestTimeout, headersTimeout: requestTimeout },
    (request, response) => {
      void serve({ settings, source }, request, response)
    },
  )
  server.maxConnections = mostConnections
  await listen(server, settings)
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

async function listen(server: Server, { host, port }: AdminSettings): Promise<void> {
  server.listen({ host, port })
  try {
    await once(server, 'listening')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new UsageError(
      code === 'EADDRINUSE'
        ? `admin port: ${host}:${port} is in use`
        : `admin port: cannot listen on ${host}:${port}: ${message}`,
      'choose another port, or 0 for any that is free',
    )
  }
}

interface Serving {
  readonly settings: AdminSettings
  readonly source: AdminSource
}

async function serve(
  { settings, source }: Serving,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const { changes, serve } = asked(request)
    if (changes) authorize(settings.token, request.headers.authorization)
    write(response, await serve(source, request))
  } catch (error) {
    const { status, message, hint, headers } = refusal(error)
    response.setHeaders(new Map(Object.entries(headers)))
    const body = `${JSON.stringify({ error: message, hint })}\n`
    write(response, { status, type: 'application/json', body })
  }
}

function write(response: ServerResponse, { status, type, body }: AdminResponse): void {
  response
    .writeHead(status, {
      'content-type': type,
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
    })
    .end(body)
}

const statuses = { unknown: 404, conflict: 409 } as const

/** Every error as an answer; what nobody foresaw shows itself as 500, with no more than its message. */
function refusal(error: unknown): Refused {
  if (error instanceof Refused) return error
  const { message, hint } = error as UsageError
  if (error instanceof ChangeError) return new Refused(statuses[error.reason], message, { hint })
  if (error instanceof UsageError) return new Refused(400, message, { hint })
  return new Refused(500, message, { hint: 'this is a bug: please report it' })
}
