import { expect, test } from 'vitest'
import { isK6Script } from '../../src/k6/is-k6-script.ts'
import { compileScript } from '../../src/k6/runtime/compile-script.ts'
import { instantiate } from '../../src/k6/runtime/instantiate.ts'
import { each } from '../../src/k6/runtime/loops.ts'
import { sharedState } from '../../src/k6/runtime/shared-state.ts'
import { scriptError } from '../../src/kit/script-error.ts'
import { fakeClient } from './fake-client.ts'

/** Compiles files that are given here; `/main.js` is the script. */
function compile(files: Record<string, string> | string) {
  const all: Record<string, string> = typeof files === 'string' ? { '/main.js': files } : files
  return compileScript(Object.keys(all)[0] as string, (path) => {
    const text = all[path]
    if (text === undefined) throw new Error('there is no such file')
    return text
  })
}

/** Runs the default function of a script, and returns its result and what it did with the client. */
async function run(files: Record<string, string> | string, id = 1) {
  const script = compile(files)
  const { user, exports } = await instantiate(script, sharedState({}), id)
  const client = fakeClient({ visitor: id })
  user.client = client
  const main = exports.default as () => unknown
  return { result: await main(), client, exports }
}

const head = "import http from 'k6/http'; import { sleep, check, group } from 'k6';\n"

test.for([
  ["import http from 'k6/http'", true],
  ['import { check } from "k6"', true],
  ["import 'k6/x/faker'", true],
  ["const http = require('k6/http')", true],
  ["import k6ish from 'k6ish'", false],
  ['question: Does k6 do it?', false],
] as const)('%s is a k6 script: %s', ([text, expected]) => {
  expect(isK6Script(text)).toBe(expected)
})

test.for([
  [
    'a value in the middle of an expression',
    'return 1 + http.get("http://a/").body.length * 2',
    11,
  ],
  ['a call after a line without a semicolon', 'let a = 1\nhttp.get("http://a/").json\nreturn a', 1],
  [
    'a statement that begins with the value',
    'const f = () => 1\nhttp.get("http://a/").body.length\nreturn f()',
    1,
  ],
  ['nested calls', 'const f = (n) => http.get("http://a/" + n).status\nreturn f(f(f(1)))', 200],
  [
    'an arrow function as an argument',
    'const twice = (f) => f() + f()\nreturn twice(() => http.get("http://a/").status)',
    400,
  ],
  [
    'this in a method',
    'const o = { n: 3, f() { http.get("http://a/"); return this.n } }\nreturn o.f()',
    3,
  ],
  [
    'call with another this',
    'function f() { sleep(1); return this.n }\nreturn f.call({ n: 4 })',
    4,
  ],
  [
    'optional chains',
    'const o = { f: () => http.get("http://a/").status }\nreturn [o?.f(), o.g?.()].join()',
    '200,',
  ],
  ['a short circuit', 'return (false && http.get("http://a/")) || "none"', 'none'],
  [
    'a default by destructuring',
    'const { status = 1 } = http.get("http://a/")\nreturn status',
    200,
  ],
  [
    'recursion',
    'const f = (n) => n === 0 ? 0 : 1 + (http.get("http://a/"), f(n - 1))\nreturn f(3)',
    3,
  ],
  ['an alias of a function of k6', 'const wait = sleep\nwait(1)\nreturn 5', 5],
  ['an alias of the module', 'const client = http\nreturn client.get("http://a/").status', 200],
  ['functions of k6 as values', 'return ["http://a/", "http://b/"].map(http.get).length', 2],
  ['destructured functions of k6', 'const { get } = http\nreturn get("http://a/").status', 200],
  [
    'a Map',
    'let n = 0\nnew Map([[1, 2]]).forEach((v, k) => { http.get("http://a/"); n += v + k })\nreturn n',
    3,
  ],
  [
    'a function that is called at once',
    'return (function () { return http.get("http://a/").status })()',
    200,
  ],
  [
    'a predicate that waits',
    'return check(1, { a: () => http.get("http://a/").status === 200 })',
    true,
  ],
  [
    'a loop with break',
    'let n = 0\nfor (const u of ["http://a/", "http://b/"]) { http.get(u); n++; break }\nreturn n',
    1,
  ],
  [
    'an error in a group',
    'try { group("g", () => { throw new Error("x") }) } catch (e) { return e.message }',
    'x',
  ],
] as const)('%s', async ([, body, expected]) => {
  const { result } = await run(`${head}export default function () { ${body} }`)
  expect(result).toEqual(expected)
})

test('a name of another file is its current value, and functions of it are called without this', async () => {
  const { result } = await run({
    '/main.js': `import { count, add, self } from './count.js'
      export default function () { add(); add(); return [count, self(), { count }.count].join() }`,
    '/count.js': `export let count = 0
      export function add() { count += 1 }
      export function self() { return this }`,
  })
  expect(result).toBe('2,,2')
})

test('files may import each other', async () => {
  const { result } = await run({
    '/main.js': `import { odd } from './other.js'
      export const even = (n) => n === 0 || odd(n - 1)
      export default function () { return even(4) }`,
    '/other.js':
      "import { even } from './main.js'\nexport const odd = (n) => n !== 0 && even(n - 1)",
  })
  expect(result).toBe(true)
})

test('each virtual user has the variables of the modules to itself', async () => {
  const script = compile('let n = 0\nexport default function () { n += 1; return __VU + ": " + n }')
  const shared = sharedState({})
  const one = await instantiate(script, shared, 1)
  const two = await instantiate(script, shared, 2)
  const call = (of: typeof one) => (of.exports.default as () => unknown)()
  expect([await call(one), await call(one), await call(two)]).toEqual(['1: 1', '1: 2', '2: 1'])
})

test('types of a TypeScript script are left out', async () => {
  const { result } = await run({
    '/main.ts': `import http from 'k6/http'
      interface Page { readonly path: string }
      const visit = (page: Page): number => http.get('http://a' + page.path).status
      export default function (): number { return visit({ path: '/' } as Page) }`,
  })
  expect(result).toBe(200)
})

test('an error is at the line of the source', async () => {
  const text = `${head}
    function visit() {
      http.get('http://a/')
      return undefined.name
    }

    export default function () {
      ['a'].forEach(() => visit())
    }`
  const error = await run(text).catch((error: unknown) => error)
  expect(scriptError(error, (file) => file === '/main.js').message).toMatch(
    /^main\.js, line 5: Cannot read/,
  )
})

test.for([
  [
    'import http from "k6/http"\nexport default function () { http.get( }',
    '/main.js, line 2: Unexpected token',
  ],
  ['import { ramp } from "k6"\n', '/main.js, line 1: "k6" has no stand-in for ramp'],
  ['import x from "./missing.js"\n', '/main.js imports "./missing.js", which cannot be read'],
  ['import x from "lodash"\n', 'packages are not resolved'],
  [
    `${head}const http2 = require('k6/http')`,
    '/main.js, line 2: modules are imported, not required',
  ],
  [
    `${head}\nexport default () => import('./a.js')`,
    '/main.js, line 3: modules are not loaded while',
  ],
  [`${head}class A { x = http.get('http://a/') }`, 'a class field cannot wait'],
  [`${head}function f(a = http.get('http://a/')) {}`, 'the default of a parameter cannot wait'],
  [`${head}const f = () => http.get('u'); new Promise(f)`, 'new Promise() calls its function'],
  [`${head}const f = () => http.get('u'); 'a'.replace(/a/, f)`, 'replace() calls its function'],
  [`${head}const o = { toString() { sleep(1) } }`, 'toString() is called by the language'],
  [
    `${head}const o = {}; const f = () => o.a?.f(http.get('u')).b(); o.f = () => sleep(1); const g = () => o?.f().c`,
    'optional chain',
  ],
] as const)('%j is refused', ([text, message]) => {
  expect(() => compile(text)).toThrow(message)
})

test('all places that cannot be run are listed, in their order', () => {
  try {
    compile("import a from 'k6/ws'\nimport b from 'k6/html'\nimport c from 'https://a/b.js'")
    expect.unreachable()
  } catch (error) {
    const { message, others } = error as Error & { others: { message: string }[] }
    expect(
      [message, ...others.map((other) => other.message)].map((text) => /line (\d)/.exec(text)?.[1]),
    ).toEqual(['1', '2', '3'])
  }
})

test('methods of arrays with a callback that waits do what the language says', async () => {
  // The element 1 is missing.
  const sparse: number[] = Object.assign(new Array(4), { 0: 3, 2: 5, 3: 4 })
  const later = async <T>(value: T) => value
  const same = async (method: string, callback: (n: number) => unknown, ...rest: unknown[]) => {
    const native = (sparse as unknown as Record<string, (...values: unknown[]) => unknown>)[method]
    const waiting = (...values: never[]) =>
      later((callback as (...all: never[]) => unknown)(...values))
    expect([method, await each(method, false, sparse, waiting, ...rest)]).toEqual([
      method,
      native?.call(sparse, callback, ...rest),
    ])
  }
  const isBig = (n: number) => n > 3
  for (const method of [
    'map',
    'filter',
    'some',
    'every',
    'find',
    'findIndex',
    'findLast',
    'findLastIndex',
    'forEach',
  ])
    await same(method, isBig)
  await same('flatMap', (n) => [n, [n]])
  const sum = ((total: number, n: number) => total * 2 + n) as (n: number) => unknown
  for (const method of ['reduce', 'reduceRight']) {
    await same(method, sum)
    await same(method, sum, 10)
  }
  expect(await each('map', true, undefined, later as never)).toBeUndefined()
  await expect(each('reduce', false, [], later as never)).rejects.toThrow('Reduce of empty array')
})
