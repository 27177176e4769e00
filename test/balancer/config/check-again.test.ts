import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkAgain } from '../../../src/balancer/config/check-again.ts'
import { checkConfig } from '../../../src/balancer/config/config.ts'
import { configFor } from '../support/balance.ts'
import { certificateOf, privateKeyFile } from '../support/certificates.ts'

test('of the same configuration only the certificates are read again', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'lb-test-'))
  const certificate = join(folder.path, 'live.pem')
  copyFileSync(certificateOf('shop'), certificate)
  const config = () => configFor([1], { tls: { certificate, key: privateKeyFile } })
  const inForce = { settings: checkConfig(config()), source: { config: config() } }
  const again = () => checkAgain({ config: config() }, inForce)
  const checked = await again()
  // Those of a thread would be a copy.
  expect(checked.settings).toBe(inForce.settings)
  const text = readFileSync(certificate, 'utf8')
  expect(checked.tls?.certificates).toMatchObject([
    { names: ['shop.test', '*.shop.test'], certificate: text },
  ])
  writeFileSync(certificate, 'broken')
  await expect(again()).rejects.toThrow(/^balancer configuration: tls\.certificate: .*live\.pem/)
})

test('another configuration, and one whose files are more than certificates, is checked in full', async () => {
  const config = configFor([1])
  const settings = checkConfig(config)
  const source = { config }
  const other = { config: { ...config, algorithm: 'none-such' } }
  await expect(checkAgain(other, { settings, source })).rejects.toThrow(/unknown algorithm/)
  const withCa = { ...settings, backendTls: { ...settings.backendTls, ca: 'the text of a file' } }
  const checked = await checkAgain(source, { settings: withCa, source })
  expect(checked.settings).toEqual(settings)
})
