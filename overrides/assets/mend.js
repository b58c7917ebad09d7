// Material wraps each copy button in a <nav> without a name; several on a page make landmarks that cannot be told apart.
new MutationObserver(changes => {
  for (const change of changes)
    for (const node of change.addedNodes)
      if (node.matches?.(".md-code__nav")) node.role = "presentation"
}).observe(document, { childList: true, subtree: true })
