// What the widget says is one table a language, and only the page's own is loaded.
const RIGHT_TO_LEFT = ["ar"];

// The first of the wanted languages that there is a table for: zh, zh-CN and zh-Hans are all zh-hans.
const chooseLanguage = (...wanted) => {
  const primary = (name) => name.toLowerCase().split("-")[0];
  for (const name of wanted.filter(Boolean)) {
    const found = LANGUAGES.find((known) => primary(known) === primary(name));
    if (found) return found;
  }
  return "en";
};

// Without them there is no chat on the page: what failed is asked for again, and again after twice as long.
const readTexts = async (language) => {
  for (let pause = FIRST_PAUSE_MS; ; pause *= 2) {
    try {
      const answer = await fetch(new URL(`widget/texts/${language}.json`, base));
      if (answer.ok) return await answer.json();
    } catch {}
    await new Promise((end) => setTimeout(end, pause));
  }
};

const teller = (texts) => (key, values = {}) => texts[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
