import { expect, test } from 'vitest'
import { hideArguments } from '../../src/cli/hide-arguments.ts'

test('secrets of the command line do not stand in the list of processes', () => {
  const { title } = process
  try {
    hideArguments(['bench', '--url', 'http://a/b'])
    expect(process.title).toBe(title)
    hideArguments(['bench', '--url', 'http://u:pw-1@a', '-H', 'Authorization: Bearer t-1'])
    expect(process.title).toMatch(/^lb bench/)
    expect(process.title).not.toMatch(/pw-1|t-1/)
  } finally {
    process.title = title
  }
})
