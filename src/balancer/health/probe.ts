import { isIP, type LookupFunction } from 'node:net'
import type { Client } from 'undici'
import { backendAddress } from '../config/backend-address.ts'
import { readRecord } from '../config/backend-record.ts'
import type { BackendTls } from '../config/backend-tls-settings.ts'
import type { ActiveSettings } from '../config/health-settings.ts'
import { plainName } from '../config/tls-identity.ts'
import type { Names } from '../names/names.ts'
import { failureReasonOf } from '../shared/failure-reason-of.ts'
import { failureReasons } from '../shared/failure-reasons.ts'
import { withHeader } from './probe-connector.ts'

/** The result of one check, with the reason when it failed. */
type ProbeResult =
  | { readonly passed: true }
  | {
      readonly passed: false
      readonly reason: string
      /** This host is at fault. */
      readonly ours?: boolean
      /** No address of the backend is known: it was not asked. */
      readonly unresolved?: boolean
    }

/** Checks backends. */
export interface Prober {
  /** Checks the backend of a record (config/backend-record.ts), or at a URL, once. Never throws. */
  probe(record: string, signal: AbortSignal): Promise<ProbeResult>
  close(): Promise<void>
}

/** What is asked, and which responses pass. */
export interface ProbeSettings extends Pick<ActiveSettings, 'path' | 'timeout' | 'statuses'> {
  /** Bytes of the body that must come, unless it ends before. Without it the head is enough. */
  readonly bodyBytes?: number
}

/** The HTTP client of checks. It takes 15 MiB: it is loaded with the first one. */
const loadUndici = () => import('undici')

/**
 * Sends requests in the protocol of the backend, each on a new connection: a backend that no longer
 * accepts connections is down, even if it still serves old ones. The result depends on the status alone.
 *
 * @param load loads the HTTP client, which takes file descriptors
 */
export function prober(
  { path, timeout, statuses: [minStatus, maxStatus], bodyBytes = 0 }: ProbeSettings,
  { ca, verify }: BackendTls,
  names: Names,
  load: typeof loadUndici = loadUndici,
): Prober {
  let undici: Promise<typeof import('undici')> | undefined
  const clients = new Set<Client>()
  const tls = { rejectUnauthorized: verify, ...(ca && { ca }) }

  async function statusOf(
    { Client, buildConnector }: typeof import('undici'),
    record: string,
    signal: AbortSignal,
    names: Names,
  ): Promise<number> {
    const { url, proxyProtocol } = readRecord(record)
    const address = backendAddress(url)
    const { protocol, host, path: socketPath, hostField } = address
    const useH2c = protocol === 'h2c'
    const connector = buildConnector({
      ...tls,
      timeout: timeout * 1000,
      // As connections for requests: without a dot at its end.
      ...(isIP(host) === 0 && { servername: plainName(host) }),
      preferH2: true,
      // Not in its types.
      ...({ useH2c } as object),
      lookup: names.lookup,
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: Math.max(10, Math.ceil(timeout * 250)),
      ...(socketPath !== undefined && { socketPath }),
    })
    const scheme = protocol === 'https' ? 'https' : 'http'
    const client = new Client(`${scheme}://${hostField}`, {
      connect: withHeader(connector, { ...address, proxyProtocol }, names),
      h2Options: { useH2c },
    })
    clients.add(client)
    try {
      const headers = { 'user-agent': 'lb-health-check' }
      const { statusCode, body } = await client.request({
        path,
        method: 'GET',
        headers,
        reset: true,
        signal,
      })
      if (bodyBytes > 0) await readUpTo(body, bodyBytes)
      // The rest of the body does not matter, nor do errors while it is discarded.
      body.on('error', () => undefined).destroy()
      return statusCode
    } finally {
      clients.delete(client)
      await client.destroy()
    }
  }

  return {
    async probe(record, signal) {
      undici ??= load()
      try {
        await undici
      } catch (error) {
        undici = undefined
        return { passed: false, reason: reasonOf(error), ours: true }
      }
      const loaded = await undici
      const deadline = AbortSignal.timeout(timeout * 1000)
      const watched = watchLookups(names)
      try {
        const ends = AbortSignal.any([signal, deadline])
        const status = await statusOf(loaded, record, ends, watched.names)
        if (status >= minStatus && status <= maxStatus) return { passed: true }
        return { passed: false, reason: `GET ${path} returned ${status}` }
      } catch (error) {
        const unresolved = watched.unresolved() && { unresolved: true }
        const late = deadline.aborted && `no response within ${timeout} s`
        const ours = isOurs(error) && { ours: true }
        return { passed: false, reason: late || reasonOf(error), ...ours, ...unresolved }
      }
    },
    async close() {
      await Promise.all([...clients].map((client) => client.destroy()))
    },
  }
}

/** Names, and whether the last lookup of theirs has found nothing, or has not ended. */
function watchLookups(names: Names): { readonly names: Names; unresolved(): boolean } {
  let unresolved = false
  const lookup: LookupFunction = (host, options, callback) => {
    unresolved = true
    names.lookup(host, options, (error, ...found) => {
      unresolved = error !== null
      callback(error, ...found)
    })
  }
  return { names: { ...names, lookup }, unresolved: () => unresolved }
}

/** Reads so many bytes, or to the end. Rejects where it breaks off before. */
async function readUpTo(body: AsyncIterable<Uint8Array>, bytes: number): Promise<void> {
  let read = 0
  for await (const chunk of body) {
    read += chunk.length
    if (read >= bytes) return
  }
}

/** Whether this host lacks something, such as a file descriptor: it says nothing about the backend. */
function isOurs(error: unknown): boolean {
  return failureReasons[failureReasonOf(error as Error, 'connect')].cause === 'balancer'
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ECONNREFUSED') return 'connection refused'
  return code === undefined ? message : `${message} (${code})`
}
