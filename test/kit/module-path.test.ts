import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { build, modulePath } from '../../src/kit/module-path.ts'

test('a module is beside its base, with the extension of it, whatever query the base has', () => {
  const base = new URL('./a.js', import.meta.url).href
  for (const url of [base, `${base}?vitest=1.5`]) {
    expect(build(url)).toBe('compiled')
    expect(modulePath('./b', url)).toBe(fileURLToPath(new URL('./b.js', base)))
  }
  expect(build(base.replace('.js', '.ts'))).toBe('source')
})
