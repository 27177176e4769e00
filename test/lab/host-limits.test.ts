import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { UsageError } from '../../src/kit/errors.ts'
import { checkHostLimits, hostLimits, maxInFlight } from '../../src/lab/host-limits.ts'

const roomy = { openFiles: 1_000_000, ephemeralPorts: 28_232 }

test('too low a limit of open files is an error with the limit and the required value', () => {
  const check = () => checkHostLimits(1000, { ...roomy, openFiles: 1024 })
  expect(check).toThrow(UsageError)
  expect(check).toThrow(
    '1000 connections need 2100 open files in one process, and the limit is 1024',
  )
  expect(check).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('--connections 462') }),
  )
})

test('the number of connections in the hint is accepted', () => {
  expect(() => checkHostLimits(462, { ...roomy, openFiles: 1024 })).not.toThrow()
  expect(() => checkHostLimits(463, { ...roomy, openFiles: 1024 })).toThrow()
})

test('the open loop has 1,000 requests in flight at most, or what the limits allow', () => {
  expect(maxInFlight(40, roomy)).toBe(1000)
  expect(maxInFlight(2000, roomy)).toBe(2000)
  expect(maxInFlight(40, { ...roomy, openFiles: 1024 })).toBe(462)
})

test('more connections than ephemeral ports are an error', () => {
  expect(() => checkHostLimits(28_233, roomy)).toThrow('ip_local_port_range has 28232')
  expect(() => checkHostLimits(28_232, roomy)).not.toThrow()
})

test('the limit is the one that the shell set', () => {
  const script = `import { hostLimits } from '${new URL('../../src/lab/host-limits.ts', import.meta.url)}'
    process.stdout.write(String(hostLimits().openFiles))`
  const output = execFileSync(
    'sh',
    ['-c', 'ulimit -n 512; exec "$0" --input-type=module -e "$1"', process.execPath, script],
    { encoding: 'utf8' },
  )
  expect(output).toBe('512')
})

test('a host without these files has no limits', () => {
  expect(hostLimits('/nowhere')).toEqual({
    openFiles: Number.POSITIVE_INFINITY,
    ephemeralPorts: Number.POSITIVE_INFINITY,
  })
})
