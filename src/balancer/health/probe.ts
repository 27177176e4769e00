import type { Client } from 'undici'
import { backendAddress } from '../config/backend-address.ts'
import { readRecord } from '../config/backend-record.ts'
import type { BackendTls } from '../config/backend-tls-settings.ts'
import type { ActiveSettings } from '../config/health-settings.ts'
import type { Names } from '../names/names.ts'
import { failureReasonOf } from '../shared/failure-reason-of.ts'
import { failureReasons } from '../shared/failure-reasons.ts'
import { withHeader } from './probe-connector.ts'

/** The result of one check, with the reason when it failed, and whether this host is at fault. */
type ProbeResult =
  | { readonly passed: true }
  | { readonly passed: false; readonly reason: string; readonly ours?: boolean }

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

/**
 * Sends requests in the protocol of the backend, each on a new connection: a backend that no longer
 * accepts connections is down, even if it still serves old ones. The result depends on the status alone.
 */
export function prober(
  { path, timeout, statuses: [minStatus, maxStatus], bodyBytes = 0 }: ProbeSettings,
  { ca, verify }: BackendTls,
  names: Names,
): Prober {
  // undici takes 15 MiB: it is loaded with the first check.
  let undici: Promise<typeof import('undici')> | undefined
  const clients = new Set<Client>()
  const tls = { rejectUnauthorized: verify, ...(ca && { ca }) }

  async function statusOf(
    { Client, buildConnector }: typeof import('undici'),
    record: string,
    signal: AbortSignal,
  ): Promise<number> {
    const { url, proxyProtocol } = readRecord(record)
    const address = backendAddress(url)
    const { protocol, path: socketPath, hostField } = address
    const useH2c = protocol === 'h2c'
    const connector = buildConnector({
      ...tls,
      timeout: timeout * 1000,
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
      undici ??= import('undici')
      const loaded = await undici
      const deadline = AbortSignal.timeout(timeout * 1000)
      try {
        const status = await statusOf(loaded, record, AbortSignal.any([signal, deadline]))
        if (status >= minStatus && status <= maxStatus) return { passed: true }
        return { passed: false, reason: `GET ${path} returned ${status}` }
      } catch (error) {
        if (deadline.aborted) return { passed: false, reason: `no response within ${timeout} s` }
        return { passed: false, reason: reasonOf(error), ...(isOurs(error) && { ours: true }) }
      }
    },
    async close() {
      await Promise.all([...clients].map((client) => client.destroy()))
    },
  }
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
