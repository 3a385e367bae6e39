// The tab's texts in Arabic.
import { formatsOf } from "../../i18n/formats.js";

const { number, percent, plural, wholePercent } = formatsOf("ar-u-nu-latn", { rightToLeft: true });

const steps = (/** @type {number} */ count) => plural(count, {
  zero: "لا خطوات", one: "خطوة واحدة", two: "خطوتان", few: "# خطوات", many: "# خطوة", other: "# خطوة" });
/** After a preposition. */
const ofSteps = (/** @type {number} */ count) => plural(count, {
  zero: "لا خطوات", one: "خطوة واحدة", two: "خطوتين", few: "# خطوات", many: "# خطوة", other: "# خطوة" });

/** @type {import("./en.js").Words} */
export const ar = {
  shell: {
    label: "ما الذي يُعرض",
    views: { path: "المسار", cut: "اقطع", why: "لماذا", knows: "ما يعرفه", learns: "كيف يتعلّم", stops: "جولة" },
    failed: "لم يبدأ النظر إلى الداخل. افتح تبويبًا آخر في هذه الصفحة ثم عد للمحاولة من جديد.",
  },

  // The network and what happens in it

  path: {
    intro: "تمرّ الصورة عبر 50 طبقة: جذع، ثم ست عشرة كتلة في أربع مراحل، ثم متوسط. افتح أي موضع لترى ما صارت إليه الصورة هناك.",
    strip: "الشبكة، من الصورة إلى السمات",
    legend: "القوس: الوصلة المتخطية، وهي تحمل مدخل الكتلة متجاوزةً فرعها. ومعه مربع: كتلة التفافية، وصلتها المتخطية التفاف.",
    stage: (stage) => `المرحلة ${stage}`,
    kinds: { stem: "الجذع", identity: "كتلة تطابق", convolutional: "كتلة التفافية", features: "السمات" },
    block: (name, kind) => `الكتلة ${name}: ${kind}`,
    size: (channels, height, width) => `\u2066${number(channels)}×${height}×${width}\u2069`,
    open: (place) => `افتح ${place}`,
    facts: (size, parameters, products) => `القيم: ${size} · المعاملات: ${number(parameters)} · عمليات الضرب والجمع: ${number(products)}`,
    about: {
      stem: "التفاف 7 × 7 بكسل بخطوة 2، ثم أكبر كل 3 × 3 قيم: تصير 64 × 64 بكسل 15 × 15 موضعًا لكل منها 64 قناة.",
      identity: "يحسب الفرع F(x) بثلاثة التفافات، وتحمل الوصلة المتخطية x كما هو، ثم يُجمع الاثنان. والفرع الذي ليس لديه ما يضيفه يترك x على حاله: التطابق هو ما تفعله الكتلة حين لا تفعل شيئًا.",
      convolutional: "للمخرج قنوات أخرى، ومن المرحلة 3 حجم آخر أيضًا، فلا يمكن جمع x كما هو. التفاف 1 × 1 في الوصلة المتخطية يعطيه الشكل المناسب.",
      features: "المتوسط على 2 × 2 من مواضع المرحلة الأخيرة. والإجابة مجموع موزون لهذه الأعداد لكل فئة، ولا شيء غير ذلك.",
    },
    parts: "أجزاء هذا الموضع",
    picture: "الصورة",
    input: "المدخل x",
    convolution: (kernel) => `${kernel} × ${kernel}`,
    branch: (kernel) => `${kernel} × ${kernel}، F(x)`,
    shortcut: (kernel) => `مختصر ${kernel} × ${kernel}`,
    unchanged: "الوصلة المتخطية: x كما هو",
    sum: "جمع ثم ReLU",
    output: "المخرج",
    pooled: "أكبر 3 × 3",
    seen: "ما تراه الشبكة",
    strongest: "أقوى القنوات",
    channel: "القناة",
    channelOf: (channel, channels) => `القناة ${channel} من ${channels}`,
    all: (channels) => `كل القنوات: ${number(channels)}`,
    few: "الأقوى فقط",
    mosaic: (channels) => `كل القنوات، وعددها ${number(channels)}، صورًا صغيرة. حقل «القناة» يكبّر واحدة منها برقمها.`,
    grid: "شبكة قيم",
    gridOf: (channel) => `قيم القناة ${channel}. مفاتيح الأسهم تنتقل بينها.`,
    value: (row, column, value, wide, high) => `الصف ${row}، العمود ${column}: \u2066${value}\u2069. تأتي من ${wide} × ${high} بكسل محاطة في الصورة.`,
    summary: (channel, mean, zeros) => `القناة ${channel} هي الأقوى: \u2066${mean}\u2069 في المتوسط. ${wholePercent(zeros)} من كل القيم هنا أصفار. أشِر إلى قيمة لترى من أين تأتي.`,
    signed: "ما تغيّره الكتلة، بإشارته: مخرجها ناقصًا ما حملته الوصلة المتخطية. الألوان الدافئة أُضيفت، والزرقاء طُرحت.",
    bars: "أعمدة",
    barsLabel: "السمات أعمدةً. مفاتيح الأسهم تنتقل من واحدة إلى التالية.",
    largest: "أكبر عشر سمات",
    columns: { feature: "السمة", value: "القيمة" },
    feature: (index, value) => `السمة ${index}: \u2066${value}\u2069`,
    filters: "مرشّحات الطبقة الأولى الأربعة والستون، كل منها 7 × 7 بكسل من الأحمر والأخضر والأزرق: حواف وبقع وألوان. انقر أحدها لترى أين يجد نمطه.",
    filtersLabel: "مرشّحات الطبقة الأولى الأربعة والستون صورًا صغيرة. حقل «القناة» يكبّر واحدًا منها برقمه.",
  },

  // Its branches and skips, switched off

  cut: {
    intro: "لكل كتلة مفتاحان: فرعها F(x) ووصلتها المتخطية x. اقطع بعضها وانظر ما يحدث للإجابة ولمجموعة الفحص.",
    restore: "أعد كل شيء",
    notice: (count, list) => `${plural(count, { zero: "لا أجزاء مقطوعة", one: "جزء واحد مقطوع", two: "جزآن مقطوعان", few: "# أجزاء مقطوعة", many: "# جزءًا مقطوعًا", other: "# جزء مقطوع" })}: ${list}.`,
    parts: {
      branch: (block) => `فرع ${block}`,
      skip: (block) => `وصلة ${block} المتخطية`,
    },
    labels: {
      branch: (block) => `F(x): فرع ${block}`,
      skip: (block) => `x: وصلة ${block} المتخطية`,
    },
    answer: "الإجابة عن هذه الصورة",
    whole: "الشبكة كاملة",
    now: "بعد القطع",
    noPicture: "اختر مثالًا أو شغّل كاميرا الويب، فتظهر الإجابة هنا.",
    answered: (word, share, margin) => `${word}، ${percent(share)}؛ الهامش \u2066${margin}\u2069`,
    logits: "اللوجيت: ما تصنع منه دالة softmax الاحتمالات. والهامش هو الأفضل ناقصًا الثاني.",
    columns: { class: "الفئة", whole: "كاملة", now: "مقطوعة" },
    check: "مجموعة الفحص",
    sets: {
      composed: "أيدٍ مركّبة", examples: "أيدي الأمثلة", samples: "صورك",
    },
    checked: (right, count, margin) => `الصحيح ${right} من ${number(count)}، متوسط الهامش \u2066${margin}\u2069`,
    measuring: (done, count) => `يجري القياس: ${done} من ${count}`,
    measured: "القياس",
    cancelled: "أُلغي.",
    empty: "ليس في هذه المجموعة صورة من فئات هذا النموذج.",
    accuracy: "الدقة",
    margin: "متوسط الهامش",
    anyBranch: "اقطع كل فرع وحده",
    anySkip: "اقطع كل وصلة وحدها",
    random: "اقطع عشوائيًا",
    branches: "عدد الفروع",
    table: "كل كتلة مقطوعة وحدها",
    rows: { branch: "دون F(x)", skip: "دون x" },
    cell: (block, part, accuracy, margin) => `${block}، ${part}: ${wholePercent(accuracy)}، الهامش \u2066${margin}\u2069`,
    findings: "نزع فايت وويلبر وبلونجي (2016، \u2066arXiv 1605.06431\u2069) فروع كتل مفردة من شبكات متبقية مدرَّبة فلم يُفقد من الدقة إلا القليل، وكلما نزعوا أكثر انخفضت تدريجيًا. وهم يرون في الشبكة المتبقية مسارات كثيرة مختلفة الطول لا يأخذ القطع إلا بعضها. والكتل التي تفتح مرحلة تحتفظ هنا بالتفاف مختصرها.",
    wholeShows: (whole, margin) => `تقرأ هذه الشبكة كاملةً ${percent(whole)} من هذه المجموعة، بمتوسط هامش \u2066${margin}\u2069.`,
    branchShows: (worst, block, mean) => `دون أي فرع واحد تقرأ ${percent(worst)} على الأقل (والأقل دون ${block})، و${percent(mean)} في المتوسط.`,
    skipShows: (worst, block, mean) => `دون وصلة متخطية واحدة تهبط حتى ${percent(worst)} (دون ${block})، و${percent(mean)} في المتوسط.`,
    randomShows: (count, list, accuracy, margin) => `${plural(count, { zero: "لا فروع", one: "فرع واحد", two: "فرعان", few: "# فروع", many: "# فرعًا", other: "# فرع" })} عشوائيًا (${list}): ${percent(accuracy)}، متوسط الهامش \u2066${margin}\u2069.`,
    tried: "ما قُطع عشوائيًا حتى الآن",
  },

  // Which parts of the picture an answer comes from

  why: {},

  // Samples and how near they are to one another

  knows: {},

  // Two networks that learn side by side

  learns: {
    title: "شبكتان تتعلّمان جنبًا إلى جنب",
    intro: "الشبكتان بالعمق نفسه، وتبدآن بالنوى العشوائية نفسها، وتريان الصور نفسها بالترتيب نفسه. ولا تختلفان إلا فيما تضبطه أنت. عرض كلّ منهما ثُمن عرض ResNet-50، وهي لا تعرف شيئًا عن الأيدي بعد.",
    rule: (count, rate) =>
      `في كل خطوة: ${plural(count, { zero: "لا صور", one: "صورة واحدة", two: "صورتان", few: "# صور", many: "# صورة", other: "# صورة" })} من 32 × 32 بكسل، ونزول التدرّج بزخم 0.9 ومعدّل تعلّم ${rate} للشبكتين. هُيّئت النوى على طريقة Glorot و Bengio، كما في المقرّر.`,
    depth: "العمق",
    layers: (count) => plural(count, { zero: "لا طبقات", one: "طبقة واحدة", two: "طبقتان", few: "# طبقات", many: "# طبقة", other: "# طبقة" }),
    a: "الشبكة أ",
    b: "الشبكة ب",
    skips: "الوصلات المتخطّية",
    norm: "تسوية الدفعات",
    variants: {
      "skips-norm": "وصلات متخطّية وتسوية دفعات", skips: "وصلات متخطّية بلا تسوية دفعات",
      norm: "تسوية دفعات بلا وصلات متخطّية", plain: "بلا وصلات متخطّية ولا تسوية دفعات",
    },
    pictures: "الصور",
    drawn: "أيدٍ مرسومة",
    own: (count) => `عيّناتك (${number(count)})`,
    train: "درّب الاثنتين",
    pause: "إيقاف مؤقّت",
    one: "خطوة واحدة",
    reset: "من البداية",
    idle: "درّب الاثنتين، أو تقدّم خطوة خطوة. تقيس الخطوة الأولى الشبكتين كما هُيّئتا.",
    preparing: "يجري تحميل ما يدرّب…",
    givenUp: "أُوقفت",
    line: (count, loss, otherLoss) => `${steps(count)}. الخسارة: الشبكة أ ${loss}، الشبكة ب ${otherLoss}.`,
    step: (count) => steps(count),
    stage: (stage) => `المرحلة ${stage}`,
    charts: {
      lossTitle: "خسارة كل خطوة",
      lossNote: "الرفيع: كل خطوة. السميك: متوسط آخر عشر خطوات. المنقّط: كلفة التخمين.",
      lossLabel: (count, loss, otherLoss) => `الخسارة بعد ${ofSteps(count)}: الشبكة أ ${loss}، الشبكة ب ${otherLoss}`,
      guessing: "تخمين",
      normTitle: "معيار التدرّج في كل طبقة",
      normNote: "من المُدخل يسارًا إلى الجواب يمينًا، بمقياس لوغاريتمي. الأعمدة: الآن. العلامات: عند التهيئة.",
      normLabel: (network, first, last) => `تدرّجات ${network}: المعيار ${first} في الطبقة الأولى و${last} في الأخيرة`,
      empty: "لم يُقَس شيء بعد",
    },
    tables: {
      losses: "الخسائر في جدول",
      norms: "التدرّجات في جدول",
      lossCaption: "الخسارة ونسبة الأجوبة الصحيحة في خطوات مفردة",
      normCaption: "معيار تدرّج نواة كل طبقة",
      step: "الخطوة",
      layer: "الطبقة",
      kernel: "النواة",
      loss: (network) => `${network}: الخسارة`,
      right: (network) => `${network}: الصحيح`,
      start: (network) => `${network}: عند التهيئة`,
      now: (network) => `${network}: الآن`,
    },
    found: {
      title: "ما هو الحال هنا",
      grows: (first, last, times) => `عند التهيئة معيار تدرّج النواة 3×3 هو ${last} في الكتلة الأخيرة و${first} في الأولى: يكبر في طريق العودة ${times} ضعفًا.`,
      shrinks: (first, last, times) => `عند التهيئة معيار تدرّج النواة 3×3 هو ${last} في الكتلة الأخيرة و${first} في الأولى: يصغر في طريق العودة ${times} مرة.`,
      even: (first, last, times) => `عند التهيئة معيار تدرّج النواة 3×3 هو ${last} في الكتلة الأخيرة و${first} في الأولى: متقاربان، في حدود معامل ${times}.`,
      change: (size) => `تغيّر الخطوة الأولى النواة الأكثر تغيّرًا بمقدار ${size} من حجمها.`,
      lost: (size) => `لا تغيّر الخطوة الأولى حتى النواة الأكثر تغيّرًا إلا بمقدار ${size} من حجمها، وهو ما يضيع في تقريب float32.`,
      now: (count, first, last) => `بعد ${ofSteps(count)} المعيار ${last} في الكتلة الأخيرة و${first} في الأولى.`,
      standing: (count, loss, accuracy) => `في آخر ${ofSteps(count)} الخسارة ${loss}، و${wholePercent(accuracy)} من الأجوبة صحيحة.`,
      givenUp: (count) => `في الخطوة ${number(count)} لم تعد الخسارة أو أحد التدرّجات عددًا منتهيًا، فأُوقفت الشبكة.`,
    },
    claims: {
      title: "ما يُقال عن ذلك",
      glorot: "بلا تسوية دفعات يتوقّف حجم التدرّجات على النوى الأولى: إن لم تكن مناسبة صغر من طبقة إلى طبقة في طريق العودة. وقد وُضعت تهيئة الشبكتين لتفادي ذلك، لطبقات بلا ReLU.",
      he: "لا تعاني الشبكات البسيطة ذات تسوية الدفعات من تلاشي التدرّجات: المعايير سليمة ذهابًا وإيابًا. فليس هذا سبب سوء تدريب الشبكات البسيطة العميقة.",
      degradation: "تسوء الشبكات البسيطة كلما زاد عمقها، حتى على الصور التي تُدرَّب بها. أما مع الوصلات المتخطّية فلا.",
      balduzzi: "بلا وصلات متخطّية تصير تدرّجات الشبكات العميقة كالضجيج الأبيض: كبيرة بما يكفي، لكنها مختلفة لصور متشابهة. ومعها يتأخّر ذلك كثيرًا.",
      santurkar: "لا تفيد تسوية الدفعات بأنها تثبّت توزيع التفعيلات، بل بأنها تجعل الخسارة أملس، فيصلح التدرّج لخطوات أكبر.",
      yang: "بلا وصلات متخطّية تجعل تسوية الدفعات نفسها التدرّجات تكبر أسّيًّا مع العمق عند التهيئة. ولا يمكن عندئذ تدريب شبكات عميقة جدًا.",
    },
    here: {
      set: (variant) => `لترى ذلك هنا، اضبط إحدى الشبكتين هكذا: ${variant}.`,
      notYet: "لترى ذلك هنا، تقدّم خطوة.",
      vanishes: (network, first, last) => `هنا، في ${network}، تتلاشى: ${last} في الكتلة الأخيرة، ${first} في الأولى.`,
      stays: (network, first, last) => `هنا، في ${network}، لا تتلاشى: ${last} في الكتلة الأخيرة، ${first} في الأولى.`,
      grows: (network, times) => `هنا، في ${network}، تكبر ${times} ضعفًا من الكتلة الأخيرة إلى الأولى.`,
      doesNotGrow: (network, first, last) => `هنا، في ${network}، لا تكبر كثيرًا: ${last} في الكتلة الأخيرة، ${first} في الأولى.`,
      losses: (count, loss, otherLoss) => `هنا، بعد ${ofSteps(count)}: خسارة ${loss} مع الوصلات المتخطّية، و${otherLoss} بدونها.`,
      pair: "لترى ذلك هنا، اجعل الشبكتين تختلفان في الوصلات المتخطّية وحدها، ودرّبهما 30 خطوة.",
      unmeasured: "لا يُقاس هنا: يقول هذا العرض كم تبلغ التدرّجات.",
    },
  },

  // Five guided stops

  stops: {},
};
