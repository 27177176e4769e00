import { readFileSync } from 'node:fs'
import { UsageError } from '../../kit/errors.ts'
import type { BalancerSettings } from '../config/config.ts'

/** The certificate and keys with which all workers are the same TLS server. */
export interface Identity {
  /** PEM. */
  readonly certificate: string
  readonly key: string
  /** 48 bytes for session tickets: a session that one worker started can be resumed by any other. */
  readonly ticketKeys: Uint8Array
}

const ticketKeyBytes = 48

/**
 * Reads the certificate and the key, and checks that they belong together; undefined without TLS. Session tickets of
 * `previous` stay valid.
 *
 * @throws UsageError where a file cannot be read or used
 */
export async function readIdentity(
  { tls }: BalancerSettings,
  previous?: Identity,
): Promise<Identity | undefined> {
  if (tls === undefined) return undefined
  const { createSecureContext } = await import('node:tls')
  const certificate = read('certificate', tls.certificate)
  const key = read('key', tls.key)
  check(`tls.certificate: ${tls.certificate}`, () => createSecureContext({ cert: certificate }))
  check(`tls.key: ${tls.key}`, () => createSecureContext({ key }))
  check(`tls.key: ${tls.key} is not the key of ${tls.certificate}`, () =>
    createSecureContext({ cert: certificate, key }),
  )
  const ticketKeys = previous?.ticketKeys ?? crypto.getRandomValues(new Uint8Array(ticketKeyBytes))
  return { certificate, key, ticketKeys }
}

function read(what: 'certificate' | 'key', file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw unusable(`tls.${what}: cannot read ${file} (${code})`)
  }
}

function check(what: string, use: () => unknown): void {
  try {
    use()
  } catch (error) {
    throw unusable(`${what}: ${(error as Error).message}`)
  }
}

function unusable(what: string): UsageError {
  return new UsageError(
    `balancer configuration: ${what}`,
    'name a PEM file with a certificate, and one with its key, not encrypted',
  )
}
