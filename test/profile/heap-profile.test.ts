import { expect, test } from 'vitest'
import { UsageError } from '../../src/kit/errors.ts'
import { profileOfHeapProfile } from '../../src/profile/heap-profile.ts'
import { byPath } from './by-path.ts'

const node = (functionName: string, selfSize: number, children: unknown[] = []) => ({
  callFrame: { functionName, scriptId: '1', url: 'node:net', lineNumber: 4, columnNumber: 0 },
  selfSize,
  id: 1,
  children,
})

test('bytes by stack, without the root', () => {
  const head = node('(root)', 0, [node('serve', 100, [node('', 28)]), node('(V8 API)', 7)])
  const profile = profileOfHeapProfile({ head, samples: [] }, 2, '0')
  expect(profile).toMatchObject({ kind: 'heap', unit: 'bytes', seconds: 2 })
  expect(byPath(profile)).toEqual({ serve: 100, 'serve > (anonymous)': 28, '(V8 API)': 7 })
  expect(profile.samples.every(({ worker }) => worker === '0')).toBe(true)
})

test('what is not a heap profile is refused', () => {
  expect(() => profileOfHeapProfile({ head: {} }, 1)).toThrow(UsageError)
})
