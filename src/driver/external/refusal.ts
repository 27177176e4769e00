import { isSecretName } from '../../kit/secret-names.ts'
import type { ExternalDriver, RequestPlan } from '../../plan/plan.ts'
import { targetUrl } from '../../plan/target-url.ts'
import type { Transport } from '../../plan/transport.ts'

/** The Debian package of each external driver, whose program has the driver's name. */
export const packages: Readonly<Record<ExternalDriver, string>> = {
  wrk: 'wrk',
  h2load: 'nghttp2-client',
}

/** A driver that is not on raw sockets of lb. */
type OtherDriver = ExternalDriver | 'autocannon'

/** What is sent, and where to. */
interface DriverRequest extends Transport {
  readonly request: RequestPlan
  /** The address of a target that runs already; other targets are on this host, over http. */
  readonly url?: string | undefined
}

/** Why a driver cannot send a request, and what to do. */
interface Refusal {
  readonly why: string
  readonly remedy: string
}

/** Why a driver cannot send a request; undefined where it can. The drivers `lean` and `open-loop` can send each. */
export function refusal(driver: OtherDriver, request: DriverRequest): Refusal | undefined {
  if (driver === 'autocannon') return connectionRefusal(driver, request)
  if (request.request.method === 'HEAD') {
    return {
      why: `${driver} cannot send HEAD: it waits for the body that the response announces`,
      remedy: 'use --method GET, or --driver lean',
    }
  }
  const { url, insecure = false } = request
  if (url?.startsWith('https:') && !insecure) {
    return {
      why: `${driver} does not check certificates`,
      remedy: 'use --insecure to accept any, or --driver lean',
    }
  }
  return connectionRefusal(driver, request) ?? secretRefusal(driver, request)
}

/** Ways to connect that lb cannot ask other drivers for. */
function connectionRefusal(driver: OtherDriver, request: DriverRequest): Refusal | undefined {
  const { url, ca, cert, resolve, http2, tlsSessions } = request
  const isUnix = url !== undefined && targetUrl(url).socketPath !== undefined
  const [, lacks] =
    (
      [
        [isUnix, 'connects to no unix socket'],
        [http2 === true && driver !== 'h2load', 'does not send HTTP/2'],
        [ca !== undefined, 'takes no --ca'],
        [cert !== undefined, 'takes no --cert'],
        [resolve !== undefined, 'takes no --resolve'],
        [tlsSessions !== undefined, 'takes no --tls-sessions'],
      ] as const
    ).find(([isAsked]) => isAsked) ?? []
  return lacks && { why: `${driver} ${lacks}`, remedy: 'use --driver lean, or omit --driver' }
}

/** h2load takes header fields from its command line only, which every user of the host can read. */
function secretRefusal(driver: OtherDriver, { request, url }: DriverRequest): Refusal | undefined {
  if (driver !== 'h2load') return undefined
  const { username = '', password = '' } = url === undefined ? {} : targetUrl(url).url
  const secret =
    username !== '' || password !== ''
      ? 'the password of --url'
      : Object.keys(request.headers ?? {}).find(isSecretName)
  return secret === undefined
    ? undefined
    : {
        why: `h2load would show ${secret} in the list of processes`,
        remedy: 'use --driver lean, or --driver wrk',
      }
}

/** Whether only a driver on raw sockets can drive a server: its name may have several addresses, or a setting asks for it. */
export function needsOwnSockets(request: DriverRequest): boolean {
  if (connectionRefusal('autocannon', request) !== undefined) return true
  const host = request.url === undefined ? undefined : targetUrl(request.url).url.hostname
  return host !== undefined && !/^[\d.]+$|^\[/.test(host)
}
