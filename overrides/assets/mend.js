// What Material's own scripts leave undone, and no template can mend.

// A table too wide for its place would hide its last column, which is the answer: it gets a block for each row.
const widths = new WeakMap()
// All are measured before one is changed, and again after the last: a page is laid out anew for each change in between.
const fits = new ResizeObserver(entries => {
  const places = entries.map(entry => entry.target)
  for (const place of places)
    if (!place.classList.contains("stacked")) widths.set(place, place.scrollWidth)
  const wide = places.filter(place => widths.get(place) > place.clientWidth)
  for (const place of places) {
    label(place.querySelector("table"))
    place.classList.toggle("stacked", wide.includes(place))
  }
  const cut = places.filter(place => place.scrollWidth > place.clientWidth)
  for (const place of places) place.tabIndex = cut.includes(place) ? 0 : -1
})
// The roles are those that a table has by itself, until it is shown as something else. Not for <th>: Material would take
// the table for one that can be sorted.
const label = table => {
  if (table.role) return
  const heads = Array.from(table.rows[0].cells, cell => cell.textContent)
  table.role = "table"
  for (const row of table.rows) row.role = "row"
  for (const cell of table.querySelectorAll("td")) {
    const head = heads[cell.cellIndex]
    cell.role = "cell"
    if (cell.cellIndex && head) cell.dataset.label = /[?:]$/.test(head) ? head : head + ":"
  }
}

// What is copied from an example in Python has to run: without prompts and without the answers.
const runnable = text => text.split("\n").filter(line => /^(>>>|\.\.\.)/.test(line)).map(line => line.slice(4)).join("\n")

new MutationObserver(changes => {
  for (const change of changes)
    for (const node of change.addedNodes) {
      // A <nav> without a name round each copy button: several cannot be told apart.
      if (node.matches?.(".md-code__nav")) {
        node.role = "presentation"
        const code = node.parentNode.querySelector("code")
        if (/^>>> /.test(code.textContent)) node.parentNode.dataset.copy = runnable(code.textContent)
      }
      if (node.matches?.(".md-typeset__scrollwrap")) fits.observe(node)
    }
}).observe(document, { childList: true, subtree: true })
