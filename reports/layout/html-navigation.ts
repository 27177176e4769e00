/** The page's script for its navigation: marks the link of the part that is being read. */
export const navigationScript = `
const links = new Map([...document.querySelectorAll('nav a')].map((link) => [link.hash.slice(1), link]))
const parts = [...document.querySelectorAll('.part')]
const mark = () => {
  const read = parts.findLast((part) => part.getBoundingClientRect().top < innerHeight / 3) ?? parts[0]
  for (const [id, link] of links) {
    if (id === read?.id) link.setAttribute('aria-current', 'true')
    else link.removeAttribute('aria-current')
  }
}
addEventListener('scroll', mark, { passive: true })
mark()
`
