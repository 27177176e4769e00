import { expect, test } from 'vitest'
import { parseYamlSource } from '../../src/kit/yaml-source.ts'

// Were the line shown with each mistake, as the package does by itself, these would take minutes.
test.for(['"', '{}', ']', '&a ', '!!x ', '@', '? ', ': ', '"\n'])(
  'a line of very many %j is refused in time that grows with its length',
  (mistake) => {
    const text = `a: ${mistake.repeat(400_000 / mistake.length)}`
    expect(() => parseYamlSource({ file: 'f.yaml', text })).toThrow('f.yaml')
  },
)

test('a mistake has its line, and no extract of it', () => {
  const text = 'a: 1\nb: "x" y\n'
  expect(() => parseYamlSource({ file: 'f.yaml', text })).toThrow(
    /^f\.yaml, line 2: not valid YAML: [^\n]+$/,
  )
})
