import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readTlsFiles } from '../../src/connect/tls-files.ts'
import { openTempDir } from '../../src/lab/temp-dir.ts'
import { certificateOf, privateKey, privateKeyFile } from '../balancer/support/certificates.ts'

const ca = certificateOf('ca')
const cert = certificateOf('client')

test('certificate and key may be in one file', async () => {
  await using folder = await openTempDir()
  const both = join(folder.path, 'both.pem')
  const { cert: text } = await readTlsFiles({ cert, key: privateKeyFile })
  await writeFile(both, `${text}\n${privateKey}`)
  const files = await readTlsFiles({ ca, cert: both })
  expect(files.key).toBe(files.cert)
  expect(files.ca).toContain('BEGIN CERTIFICATE')
  expect(await readTlsFiles({})).toEqual({})
})

const encrypted =
  '-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAh0\n-----END ENCRYPTED PRIVATE KEY-----\n'

test.each([
  [{ ca: '/nowhere/ca.pem' }, '--ca: cannot read /nowhere/ca.pem (ENOENT)'],
  [{ ca: privateKeyFile }, `--ca: ${privateKeyFile} has no certificate`],
  [{ key: privateKeyFile }, '--key needs --cert'],
  [{ cert: '/nowhere/c.pem' }, '--cert: cannot read /nowhere/c.pem (ENOENT)'],
  [{ cert }, `--cert: ${cert} has no private key`],
  [{ cert, key: ca }, `--key: ${ca} has no private key`],
  [
    { cert: ca, key: privateKeyFile },
    `--key: the key in ${privateKeyFile} does not fit the certificate in ${ca}`,
  ],
])('%j is refused in one line', async (transport, message) => {
  await expect(readTlsFiles(transport)).rejects.toMatchObject({ code: 'LB_USAGE', message })
})

test('a key that is no PEM, or encrypted, is refused', async () => {
  await using folder = await openTempDir()
  const key = join(folder.path, 'key.pem')
  await writeFile(key, encrypted)
  await expect(readTlsFiles({ cert, key })).rejects.toMatchObject({
    code: 'LB_USAGE',
    message: expect.stringMatching(/^--key: /),
  })
})
