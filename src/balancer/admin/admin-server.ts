import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { UsageError } from '../../kit/errors.ts'
import { type Listen, listen } from '../../kit/listen.ts'
import type { AdminSettings } from '../config/admin-settings.ts'
import { ChangeError } from '../health/change-error.ts'
import { ProfileError } from '../profiling/profile-error.ts'
import { AdminError } from './admin-error.ts'
import type { AdminResponse } from './admin-response.ts'
import { authorize } from './authorize.ts'
import { checkHost } from './check-host.ts'
import { limitConnections } from './limit-connections.ts'
import { metricsText } from './metrics-text.ts'
import { oncePerTurn } from './once-per-turn.ts'
import { type AdminSource, matchRoute, type RouteSource } from './routes.ts'

/** The admin port, open. */
export interface AdminServer extends AsyncDisposable {
  readonly port: number
}

/** Maximum duration of a request in ms, and how often it is checked. */
const requestTimeout = 10_000
const timeoutInterval = 1000
/** Milliseconds between two scrapes, which take time of the thread that accepts connections, and memory. */
const scrapePauseMs = 50

/**
 * Opens the admin port: it shows the state of the balancer to everyone, and accepts changes with the token.
 *
 * @throws UsageError when the port cannot be listened on
 */
export async function openAdmin(
  settings: () => AdminSettings,
  source: AdminSource,
  listenOn: Listen = listen,
): Promise<AdminServer> {
  const { host, port, profiling } = settings()
  if (profiling) await source.profiler.prepare()
  const server = createServer({
    requestTimeout,
    headersTimeout: requestTimeout,
    connectionsCheckingInterval: timeoutInterval,
  })
  // A client that does not read a response, too, has this long.
  server.timeout = requestTimeout
  // As bytes: a string would be encoded again for each of those who share it.
  const makeMetrics = async () => Buffer.from(await metricsText(source.snapshot()))
  const metrics = oncePerTurn(makeMetrics, scrapePauseMs)
  const context = { settings, source: { ...source, metrics } }
  limitConnections(server, (request, response) => void serve(context, request, response))
  await listenOn(server, { host, port }, 'the admin port')
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

interface AdminContext {
  /** The current settings: the token may change. */
  readonly settings: () => AdminSettings
  readonly source: RouteSource
}

async function serve(
  { settings, source }: AdminContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const { profiling, token } = settings()
    checkHost(settings(), request)
    const route = matchRoute(request, profiling)
    if (route.needs) authorize(token, request.headers.authorization, route.needs)
    write(response, await route.serve(source, request))
  } catch (error) {
    const { status, message, hint, headers } = toAdminError(error)
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

/** Any error as a response; an unexpected one is a 500 with its message only. */
function toAdminError(error: unknown): AdminError {
  if (error instanceof AdminError) return error
  const { message, hint } = error as UsageError
  if (error instanceof ChangeError) return new AdminError(statuses[error.reason], message, { hint })
  if (error instanceof UsageError) return new AdminError(400, message, { hint })
  if (error instanceof ProfileError) return new AdminError(503, message, { hint })
  return new AdminError(500, message, { hint: 'this is a bug in lb; please report it' })
}
