// What Material's own scripts leave undone for screen readers and the keyboard, and no template can mend.
const fits = new ResizeObserver(entries => {
  for (const { target } of entries) target.tabIndex = target.scrollWidth > target.clientWidth ? 0 : -1
})
new MutationObserver(changes => {
  for (const change of changes)
    for (const node of change.addedNodes) {
      // A <nav> without a name round each copy button: several cannot be told apart.
      if (node.matches?.(".md-code__nav")) node.role = "presentation"
      // A wide table that scrolls, but not by keyboard.
      if (node.matches?.(".md-typeset__scrollwrap")) fits.observe(node)
    }
}).observe(document, { childList: true, subtree: true })
