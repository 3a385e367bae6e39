// The tab's texts in Chinese.
import { formatsOf } from "../../i18n/formats.js";

const { number, percent, wholePercent } = formatsOf("zh-Hans");

/** @type {import("./en.js").Words} */
export const zh = {
  shell: {
    label: "看什么",
    views: { path: "路径", cut: "剪断", why: "为什么", knows: "它知道什么", learns: "它怎样学习", stops: "导览" },
    failed: "看内部没有启动。请打开此页面的另一个标签，再回来重试。",
  },

  // The network and what happens in it

  path: {
    intro: "图片要经过 50 层：一个主干入口、分为四个阶段的十六个残差块、一次平均。打开任何一处，看看图片在那里变成了什么。",
    strip: "网络，从图片到特征",
    legend: "弧线：跳跃连接，让块的输入绕过它的分支。带方块的：卷积块，它的跳跃连接是一个卷积。",
    stage: (stage) => `第 ${stage} 阶段`,
    kinds: { stem: "入口", identity: "恒等块", convolutional: "卷积块", features: "特征" },
    block: (name, kind) => `块 ${name}：${kind}`,
    size: (channels, height, width) => `${number(channels)}×${height}×${width}`,
    open: (place) => `打开${place}`,
    facts: (size, parameters, products) => `${size} 个值 · ${number(parameters)} 个参数 · ${number(products)} 次乘加`,
    about: {
      stem: "先是步幅为 2 的 7 × 7 像素卷积，再取每 3 × 3 个值中最大的：64 × 64 像素变成 15 × 15 个位置，各有 64 个通道。",
      identity: "分支用三个卷积算出 F(x)，跳跃连接让 x 原样通过，然后两者相加。分支没有什么可加时，x 就保持不变：这个块什么都不做时，做的就是恒等。",
      convolutional: "输出的通道不同，从第 3 阶段起大小也不同，所以 x 不能直接相加。跳跃连接中的 1 × 1 卷积把它变成合适的形状。",
      features: "对最后一个阶段的 2 × 2 个位置取平均。答案就是每个类别对这些数的一个加权和，此外别无其他。",
    },
    parts: "这一处的各个部分",
    picture: "图片",
    input: "输入 x",
    convolution: (kernel) => `${kernel} × ${kernel}`,
    branch: (kernel) => `${kernel} × ${kernel}，F(x)`,
    shortcut: (kernel) => `捷径 ${kernel} × ${kernel}`,
    unchanged: "跳跃连接：x 原样通过",
    sum: "相加，再 ReLU",
    output: "输出",
    pooled: "3 × 3 取最大",
    seen: "网络看到的",
    strongest: "最强的通道",
    channel: "通道",
    channelOf: (channel, channels) => `通道 ${channel}，共 ${channels} 个`,
    all: (channels) => `全部 ${number(channels)} 个通道`,
    few: "只看最强的",
    mosaic: (channels) => `全部 ${number(channels)} 个通道的小图。在“通道”一栏输入编号可以放大其中一个。`,
    grid: "数值网格",
    gridOf: (channel) => `通道 ${channel} 的值。用方向键逐个移动。`,
    value: (row, column, value, wide, high) => `第 ${row} 行第 ${column} 列：${value}。它来自图片中框出的 ${wide} × ${high} 像素。`,
    summary: (channel, mean, zeros) => `最强的是通道 ${channel}：平均 ${mean}。这里 ${wholePercent(zeros)} 的值是零。指向一个值，看它从哪里来。`,
    signed: "这个块改变了什么，带正负号：输出减去跳跃连接带来的部分。暖色是加上的，蓝色是减去的。",
    bars: "条形",
    barsLabel: "以条形显示的特征。用方向键逐个移动。",
    largest: "最大的十个特征",
    columns: { feature: "特征", value: "值" },
    feature: (index, value) => `特征 ${index}：${value}`,
    filters: "第一层的 64 个滤波器，每个是红、绿、蓝的 7 × 7 像素：边缘、斑点、颜色。点击一个，看它在哪里找到自己的图案。",
    filtersLabel: "第一层的 64 个滤波器的小图。在“通道”一栏输入编号可以放大其中一个。",
  },

  // Its branches and skips, switched off

  cut: {
    intro: "每个块有两个开关：分支 F(x) 和跳跃连接 x。剪断几个，看看答案和检查集会怎样。",
    restore: "全部恢复",
    notice: (count, list) => `剪断了 ${number(count)} 处：${list}。`,
    parts: {
      branch: (block) => `${block} 的分支`,
      skip: (block) => `${block} 的跳跃连接`,
    },
    labels: {
      branch: (block) => `F(x)：${block} 的分支`,
      skip: (block) => `x：${block} 的跳跃连接`,
    },
    answer: "对这张图片的答案",
    whole: "完整的网络",
    now: "剪断之后",
    noPicture: "选一个示例或启动摄像头，答案就会出现在这里。",
    answered: (word, share, margin) => `${word}，${percent(share)}；间隔 ${margin}`,
    logits: "logit：softmax 由它算出概率。间隔是最大的减去第二大的。",
    columns: { class: "类别", whole: "完整", now: "剪断" },
    check: "检查集",
    sets: {
      composed: "合成的手", examples: "示例的手", samples: "您的图片",
    },
    checked: (right, count, margin) => `${number(count)} 张中对了 ${right} 张，平均间隔 ${margin}`,
    measuring: (done, count) => `正在测量：${done} / ${count}`,
    measured: "测量",
    cancelled: "已取消。",
    empty: "这个集合里没有此模型的类别的图片。",
    accuracy: "准确率",
    margin: "平均间隔",
    anyBranch: "逐个剪断分支",
    anySkip: "逐个剪断跳跃连接",
    random: "随机剪断",
    branches: "分支数",
    table: "每次只剪断一个块",
    rows: { branch: "无 F(x)", skip: "无 x" },
    cell: (block, part, accuracy, margin) => `${block}，${part}：${wholePercent(accuracy)}，间隔 ${margin}`,
    findings: "Veit、Wilber 和 Belongie（2016，arXiv 1605.06431）从训练好的残差网络中去掉个别块的分支，准确率几乎不变；去掉得越多，它就平缓地越降越低。他们把残差网络看作许多长短不一的路径，一刀只剪掉其中一部分。开启一个阶段的块在这里保留捷径上的卷积。",
    wholeShows: (whole, margin) => `完整的网络读对了这个集合的 ${percent(whole)}，平均间隔 ${margin}。`,
    branchShows: (worst, block, mean) => `去掉任何一个分支，它仍至少读对 ${percent(worst)}（最少的是去掉 ${block}），平均 ${percent(mean)}。`,
    skipShows: (worst, block, mean) => `去掉一个跳跃连接，它最低降到 ${percent(worst)}（去掉 ${block}），平均 ${percent(mean)}。`,
    randomShows: (count, list, accuracy, margin) => `随机 ${number(count)} 个分支（${list}）：${percent(accuracy)}，平均间隔 ${margin}。`,
    tried: "至今随机剪断的",
  },

  // Which parts of the picture an answer comes from

  why: {},

  // Samples and how near they are to one another

  knows: {},

  // Two networks that learn side by side

  learns: {
    title: "两个网络并排学习",
    intro: "两个网络深度相同，从相同的随机卷积核开始，按相同的顺序看相同的图片。不同之处由您来切换。每个网络的宽度是 ResNet-50 的八分之一，对手还一无所知。",
    rule: (count, rate) =>
      `每一步：${number(count)} 张 32 × 32 像素的图片，两个网络都用动量 0.9、学习率 ${rate} 的梯度下降。卷积核按 Glorot 和 Bengio 的方法初始化，与课程相同。`,
    depth: "深度",
    layers: (count) => `${number(count)} 层`,
    a: "网络 A",
    b: "网络 B",
    skips: "跳跃连接",
    norm: "批归一化",
    variants: { "skips-norm": "有跳跃连接，有批归一化", skips: "有跳跃连接，无批归一化", norm: "无跳跃连接，有批归一化", plain: "无跳跃连接，无批归一化" },
    pictures: "图片",
    drawn: "画出的手",
    own: (count) => `您的样本（${number(count)}）`,
    train: "训练两者",
    pause: "暂停",
    one: "走一步",
    reset: "重新开始",
    idle: "训练两者，或一步一步地走。第一步测量两个网络初始化时的状态。",
    preparing: "正在加载训练所需的内容…",
    givenUp: "已放弃",
    line: (count, loss, otherLoss) => `${number(count)} 步。损失：网络 A ${loss}，网络 B ${otherLoss}。`,
    step: (count) => `${number(count)} 步`,
    stage: (stage) => `第 ${stage} 阶段`,
    charts: {
      lossTitle: "每一步的损失",
      lossNote: "细线：每一步。粗线：最近十步的平均。点线：乱猜的代价。",
      lossLabel: (count, loss, otherLoss) => `${number(count)} 步之后的损失：网络 A ${loss}，网络 B ${otherLoss}`,
      guessing: "乱猜",
      normTitle: "每一层梯度的范数",
      normNote: "左边是输入，右边是答案，对数刻度。条形：现在。横线：初始化时。",
      normLabel: (network, first, last) => `${network}的梯度：第一层的范数是 ${first}，最后一层是 ${last}`,
      empty: "还没有测量",
    },
    tables: {
      losses: "损失表格",
      norms: "梯度表格",
      lossCaption: "若干步的损失和正确率",
      normCaption: "每一层卷积核梯度的范数",
      step: "步",
      layer: "层",
      kernel: "卷积核",
      loss: (network) => `${network}：损失`,
      right: (network) => `${network}：正确`,
      start: (network) => `${network}：初始化时`,
      now: (network) => `${network}：现在`,
    },
    found: {
      title: "这里的实际情况",
      grows: (first, last, times) => `初始化时，3×3 卷积核的梯度范数在最后一个块是 ${last}，在第一个块是 ${first}：在反向途中增大到 ${times} 倍。`,
      shrinks: (first, last, times) => `初始化时，3×3 卷积核的梯度范数在最后一个块是 ${last}，在第一个块是 ${first}：在反向途中缩小到 ${times} 分之一。`,
      even: (first, last, times) => `初始化时，3×3 卷积核的梯度范数在最后一个块是 ${last}，在第一个块是 ${first}：相差不大，在 ${times} 倍以内。`,
      change: (size) => `第一步使变化最大的卷积核改变其大小的 ${size}。`,
      lost: (size) => `第一步使变化最大的卷积核也只改变其大小的 ${size}，这会在 float32 的舍入中丢失。`,
      now: (count, first, last) => `${number(count)} 步之后，最后一个块的范数是 ${last}，第一个块是 ${first}。`,
      standing: (count, loss, accuracy) => `最近 ${number(count)} 步的损失是 ${loss}，${wholePercent(accuracy)} 的答案正确。`,
      givenUp: (count) => `在第 ${number(count)} 步，损失或某个梯度不再是有限的数，这个网络被放弃。`,
    },
    claims: {
      title: "文献怎么说",
      glorot: "没有批归一化时，梯度的大小取决于初始的卷积核：如果不合适，梯度在反向途中逐层变小。两个网络所用的初始化正是为避免这一点而设计的，但针对没有 ReLU 的层。",
      he: "有批归一化的普通网络不会出现梯度消失：前向和反向的范数都是健康的。所以这不是深层普通网络难以训练的原因。",
      degradation: "普通网络越深越差，即使是在训练图片上。有跳跃连接时则不会。",
      balduzzi: "没有跳跃连接时，深层网络的梯度会变得像白噪声：足够大，但对相似的图片却各不相同。有跳跃连接时，这种情况出现得晚得多。",
      santurkar: "批归一化的帮助不在于让激活值的分布保持稳定，而在于让损失更平滑，使一个梯度对更大的步子也有效。",
      yang: "没有跳跃连接时，批归一化本身会使初始化时的梯度随深度指数增长。这时非常深的网络无法训练。",
    },
    here: {
      set: (variant) => `要在这里看到，请把其中一个网络切换为：${variant}。`,
      notYet: "要在这里看到，请走一步。",
      vanishes: (network, first, last) => `在这里，${network}的梯度消失了：最后一个块是 ${last}，第一个块是 ${first}。`,
      stays: (network, first, last) => `在这里，${network}的梯度没有消失：最后一个块是 ${last}，第一个块是 ${first}。`,
      grows: (network, times) => `在这里，${network}的梯度从最后一个块到第一个块增大到 ${times} 倍。`,
      doesNotGrow: (network, first, last) => `在这里，${network}的梯度没有明显增大：最后一个块是 ${last}，第一个块是 ${first}。`,
      losses: (count, loss, otherLoss) => `在这里，${number(count)} 步之后：有跳跃连接的损失是 ${loss}，没有的是 ${otherLoss}。`,
      pair: "要在这里看到，请让两个网络只在跳跃连接上不同，并训练 30 步。",
      unmeasured: "这里没有测量：这个视图只说明梯度有多大。",
    },
  },

  // Five guided stops

  stops: {},
};
