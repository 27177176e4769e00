import { readFileSync } from 'node:fs'
import { UsageError } from '../../kit/errors.ts'
import { type Problem, problemAt } from './problem.ts'
import type { TlsSettings } from './tls-settings.ts'

/** A certificate with its key. */
interface NamedCertificate {
  /** Server names that get it, in lower case and without a trailing dot: `shop.test` or `*.shop.test`. */
  readonly names: readonly string[]
  /** PEM. */
  readonly certificate: string
  readonly key: string
}

/** The certificates and rules with which all workers are the same TLS server. */
export interface TlsFiles {
  /** The first is for clients that send no name, or another one. */
  readonly certificates: readonly [NamedCertificate, ...NamedCertificate[]]
  readonly minVersion: TlsSettings['minVersion']
  /** PEM of the certificates that must have signed those of clients; undefined: clients are not asked for one. */
  readonly clientCa: string | undefined
  readonly verify: TlsSettings['verify']
}

/** A TLS server that all workers run together. */
export interface Identity extends TlsFiles {
  /** 48 bytes for session tickets: a session that one worker started can be resumed by any other. */
  readonly ticketKeys: Uint8Array
}

const ticketKeyBytes = 48

/**
 * Adds the keys of session tickets: those of `previous`, so that its tickets stay valid, unless the rules for
 * certificates of clients differ, since a ticket must not outlive the rules by which it was given.
 */
export function identityOf(files: TlsFiles, previous?: Identity): Identity {
  const same = previous?.clientCa === files.clientCa && previous?.verify === files.verify
  const ticketKeys =
    (same ? previous?.ticketKeys : undefined) ??
    crypto.getRandomValues(new Uint8Array(ticketKeyBytes))
  return { ...files, ticketKeys }
}

/** Reads the certificates and keys, and checks that they belong together. */
export function readTlsFiles(
  tls: TlsSettings,
): { readonly files: TlsFiles } | { readonly problems: readonly Problem[] } {
  const problems: Problem[] = []
  const read = (path: readonly PropertyKey[], check: () => void) => {
    const problem = problemAt(path, check)
    if (problem !== undefined) problems.push(problem)
  }
  const first = readPair(tls, ['tls'], read)
  const others = tls.certificates.map((pair, index) => {
    const path = ['tls', 'certificates', index]
    const found = readPair(pair, path, read)
    if (found?.names.length === 0) {
      read([...path, 'certificate'], () => {
        throw unusable(
          `${fieldOf([...path, 'certificate'])}: ${pair.certificate} has no DNS name`,
          'list its names',
        )
      })
    }
    return found
  })
  let clientCa: string | undefined
  if (tls.clientCa !== undefined) {
    const file = tls.clientCa
    read(['tls', 'clientCa'], () => {
      clientCa = readPem('tls.clientCa', file)
      use(`tls.clientCa: ${file}`, () => certificatesIn(clientCa as string))
    })
  }
  if (problems.length > 0) return { problems }
  const certificates = [first, ...others] as [NamedCertificate, ...NamedCertificate[]]
  return { files: { certificates, minVersion: tls.minVersion, clientCa, verify: tls.verify } }
}

/** Files of a certificate and its key, and the names that were given for it. */
interface Pair {
  readonly certificate: string
  readonly key: string
  readonly names?: readonly string[] | undefined
}

function readPair(
  files: Pair,
  path: readonly PropertyKey[],
  read: (path: readonly PropertyKey[], check: () => void) => void,
): NamedCertificate | undefined {
  const { createSecureContext } = process.getBuiltinModule('node:tls')
  let certificate: string | undefined
  let key: string | undefined
  const at = (name: string) => [...path, name]
  read(at('certificate'), () => {
    const field = fieldOf(at('certificate'))
    const text = readPem(field, files.certificate)
    use(`${field}: ${files.certificate}`, () => createSecureContext({ cert: text }))
    certificate = text
  })
  read(at('key'), () => {
    const field = fieldOf(at('key'))
    const text = readPem(field, files.key)
    use(`${field}: ${files.key}`, () => createSecureContext({ key: text }))
    key = text
  })
  if (certificate === undefined || key === undefined) return undefined
  const pair = { cert: certificate, key }
  read(at('key'), () =>
    use(`${fieldOf(at('key'))}: ${files.key} is not the key of ${files.certificate}`, () =>
      createSecureContext(pair),
    ),
  )
  return { names: (files.names ?? dnsNames(certificate)).map(plainName), certificate, key }
}

/** A server name in lower case and without a trailing dot: RFC 6066, section 3. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '')
}

/** The DNS names in the first certificate of a PEM file; its common name where it has none. */
function dnsNames(certificate: string): string[] {
  const { X509Certificate } = process.getBuiltinModule('node:crypto')
  const { subjectAltName, subject } = new X509Certificate(certificate)
  const names = (subjectAltName ?? '')
    .split(', ')
    .flatMap((one) => one.match(/^DNS:([^"]+)$/)?.[1] ?? [])
  return names.length > 0
    ? names
    : [...(subject ?? '').matchAll(/^CN=(\S+)$/gm)].map(([, name]) => name as string)
}

/** Checks each certificate of a PEM file. A file without any is an error. */
function certificatesIn(text: string): void {
  const { X509Certificate } = process.getBuiltinModule('node:crypto')
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? ['']
  for (const block of blocks) new X509Certificate(block)
}

/** A field as it is written in messages: `tls.certificates.0.key`. */
function fieldOf(path: readonly PropertyKey[]): string {
  return path.map(String).join('.')
}

function readPem(field: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw unusable(`${field}: cannot read ${file} (${code})`)
  }
}

function use(what: string, check: () => unknown): void {
  try {
    check()
  } catch (error) {
    throw unusable(`${what}: ${(error as Error).message}`)
  }
}

function unusable(
  message: string,
  hint = 'name a PEM file with a certificate, and one with its key, not encrypted',
): UsageError {
  return new UsageError(message, hint)
}
