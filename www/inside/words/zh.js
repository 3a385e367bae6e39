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

  learns: {},

  // Five guided stops

  stops: {},
};
