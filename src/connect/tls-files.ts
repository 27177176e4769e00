import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { UsageError } from '../kit/errors.ts'
import { readError, readText } from '../kit/read-text.ts'
import type { Transport } from '../plan/transport.ts'

/** The contents of the files of a transport, in PEM. */
interface TlsFiles {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}

/** Bytes of such a file. */
const maxBytes = 2 ** 20

/**
 * Reads the files of a transport, and checks that they hold certificates, and the key that fits.
 *
 * @throws {UsageError} a file cannot be read or used; with its flag
 */
export async function readTlsFiles(transport: Transport): Promise<TlsFiles> {
  const { ca, cert, key } = transport
  if (key !== undefined && cert === undefined) {
    throw new UsageError('--key needs --cert', 'give the certificate of the key: --cert FILE')
  }
  const authorities = ca === undefined ? undefined : await readFlagFile('--ca', ca)
  if (ca !== undefined) certificateIn('--ca', ca, authorities ?? '')
  if (cert === undefined) return { ...(authorities !== undefined && { ca: authorities }) }
  const chain = await readFlagFile('--cert', cert)
  const certificate = certificateIn('--cert', cert, chain)
  const keyFlag = key === undefined ? '--cert' : '--key'
  const keyText = key === undefined ? chain : await readFlagFile('--key', key)
  if (!certificate.checkPrivateKey(privateKeyIn(keyFlag, key ?? cert, keyText))) {
    throw new UsageError(
      `${keyFlag}: the key in ${key ?? cert} does not fit the certificate in ${cert}`,
      'give the key that the certificate was made with',
    )
  }
  return { ...(authorities !== undefined && { ca: authorities }), cert: chain, key: keyText }
}

async function readFlagFile(flag: string, file: string): Promise<string> {
  try {
    return await readText(file, maxBytes)
  } catch (cause) {
    throw new UsageError(
      `${flag}: cannot read ${file} (${readError(cause as NodeJS.ErrnoException, maxBytes)})`,
      'give the path of a readable PEM file',
      { cause },
    )
  }
}

function certificateIn(flag: string, file: string, text: string): X509Certificate {
  try {
    return new X509Certificate(text)
  } catch (cause) {
    throw new UsageError(
      `${flag}: ${file} has no certificate`,
      'give a PEM file with a part that begins with -----BEGIN CERTIFICATE-----',
      { cause },
    )
  }
}

function privateKeyIn(flag: string, file: string, text: string): KeyObject {
  try {
    return createPrivateKey(text)
  } catch (cause) {
    const isEncrypted = /passphrase|interrupted or cancelled/i.test(String(cause))
    throw new UsageError(
      isEncrypted
        ? `${flag}: the key in ${file} is encrypted`
        : `${flag}: ${file} has no private key`,
      isEncrypted
        ? 'decrypt it first: openssl pkey -in FILE -out DECRYPTED'
        : 'give a PEM file with the key of the certificate: --key FILE',
      { cause },
    )
  }
}
