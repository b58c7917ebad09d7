// What html-validate asks of every page: what the HTML standard demands, and what helps whoever uses assistive technology.
export default {
  root: true,
  extends: ["html-validate:standard", "html-validate:document", "html-validate:a11y"],
  rules: {
    "input-attributes": "error",
    // A suggestion list under a field is what <select> cannot be.
    "prefer-native-element": ["error", { exclude: ["listbox"] }],
    // Against other hosts that are broken into; nothing comes from another host, says test_site.py.
    "require-sri": "off",
    // Material names its switches for light and dark with aria-label, and their labels are icons; axe hears the name.
    "input-missing-label": "off",
    // Material's forms act while one types or clicks; ours has its button.
    "wcag/h32": "off",
    // Material writes the table of contents twice, and shows the one for the width of the screen; axe sees what is shown.
    "unique-landmark": "off",
  },
}
