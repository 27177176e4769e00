import { expect, test } from 'vitest'
import { startCarrier } from '../../src/engine/carrier.ts'

/** A command that prints these lines on standard error, and fails. */
async function failing(...lines: readonly string[]) {
  const script = [...lines.map((line) => `echo '${line}' >&2`), 'exit 3'].join('\n')
  const carrier = startCarrier(['sh', '-c', script], { line: () => {} })
  const { code } = await carrier.exited
  return { code, complaint: carrier.complaint() }
}

test('why a command failed is its last error, or its last line', async () => {
  const stack = Array.from({ length: 12 }, (_, i) => `    at module:${i}`)
  await expect(
    failing('throw err', 'Error: Cannot find module main.js', ...stack, 'Node.js v26.0.0'),
  ).resolves.toEqual({ code: 3, complaint: 'Error: Cannot find module main.js' })
  await expect(failing('Warning: new key', 'connect to a: Connection refused')).resolves.toEqual({
    code: 3,
    complaint: 'connect to a: Connection refused',
  })
})

test('a command that cannot be started has its reason', async () => {
  const carrier = startCarrier(['/no/such/command'], { line: () => {} })
  await expect(carrier.exited).resolves.toEqual({ code: 127 })
  expect(carrier.complaint()).toContain('ENOENT')
})
