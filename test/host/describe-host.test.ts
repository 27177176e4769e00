import os from 'node:os'
import { expect, test } from 'vitest'
import { describeHost, fingerprint } from '../../src/host/describe-host.ts'
import { host as schema } from '../../src/result/schemas/host.ts'

const compared = {
  cpuModel: 'A',
  cpus: 8,
  memoryBytes: 16 * 2 ** 30,
  kernel: '6.8.0',
  node: '26.10.0',
}

test('the description has this machine and the versions of the packages that measure', async () => {
  const host = await describeHost(1.5)
  expect(schema.parse(host)).toEqual(host)
  expect(host).toMatchObject({
    cpus: os.cpus().length,
    cpusAvailable: 1.5,
    node: process.versions.node,
    packages: { autocannon: expect.stringMatching(/^\d+\.\d+\.\d+/) },
  })
})

test('the fingerprint differs by CPU model, number of CPUs, kernel and Node, not by a few kB of memory', () => {
  const same = fingerprint({ ...compared, memoryBytes: 16 * 2 ** 30 + 4096 })
  expect(same).toBe(fingerprint(compared))
  for (const other of [{ cpuModel: 'B' }, { cpus: 4 }, { kernel: '6.9.0' }, { node: '28.0.0' }]) {
    expect(fingerprint({ ...compared, ...other })).not.toBe(same)
  }
})
