// The tab's texts in Chinese.
import { formatsOf } from "../../i18n/formats.js";

const { name, number, percent, wholePercent } = formatsOf("zh-Hans");
const samples = (/** @type {number} */ count) => `${number(count)} 张`;

/** @type {import("./en.js").Words} */
export const zh = {
  shell: {
    label: "看什么",
    views: { path: "路径", cut: "剪断", why: "为什么", knows: "它知道什么", learns: "它怎样学习", stops: "导览" },
    save: { png: "存为 PNG", svg: "存为 SVG" },
    failed: "看内部没有启动。请打开此页面的另一个标签，再回来重试。",
  },

  // The network and what happens in it

  path: {},

  // Its branches and skips, switched off

  cut: {},

  // Which parts of the picture an answer comes from

  why: {
    choose: "证据，关于",
    answered: "回答的类别",
    presence: "有没有手势",
    aSign: "有手势",
    method: "这张图怎么来",
    methods: { exact: "精确，2 × 2", finer: "4 × 4 格", finest: "8 × 8 格", occlusion: "遮挡" },
    notes: {
      exact: "最后一层对 2 × 2 个位置取平均，所以 logit 是一个和：图片每四分之一给出的部分，再加上偏置。这不是估计，而是把回答本身拆开。",
      finer: "网络在 4 个位置读这张图片，相隔 16 像素，四张图交错拼在一起。所有格子与偏置相加，等于四个 logit 的平均。",
      finest: "网络在 16 个位置读这张图片，相隔 8 像素，十六张图交错拼在一起。所有格子与偏置相加，等于十六个 logit 的平均。",
      occlusion: "把一个 16 × 16 像素的窗口模糊，依次放在 49 个位置。哪里的 logit 下降，那里的内容就支持这个类别。这些损失不能相加：说同一件事的部分会互相代替。",
    },
    picture: (label) => `关于 ${label} 的证据图。`,
    most: (label, place, share) => `支持 ${label} 的证据大部分在${place}，占 ${wholePercent(share)}。`,
    largest: (label, place, share) => `支持 ${label} 的证据最多的地方是${place}，占 ${wholePercent(share)}。`,
    onlyAgainst: (label, place, share) => `没有什么支持 ${label}。反对它的主要在${place}，占 ${wholePercent(share)}。`,
    nothing: (label) => `图片里没有什么支持或反对 ${label}。`,
    places: { upperLeft: "左上", upperRight: "右上", lowerLeft: "左下", lowerRight: "右下" },
    for: (label) => `支持 ${label}`,
    against: (label) => `反对 ${label}`,
    allFor: "支持它的全部",
    allAgainst: "反对它的全部",
    bias: "偏置",
    logit: "logit（得分）",
    meanLogit: "平均 logit",
    noSign: "页面回答“没有手势”，因为有手势的可能性太小；网络仍然会衡量各个类别。",
    mirrored: "预览是镜像的；这里的左右是模型看到的图片的左右。",
    slower: "使用摄像头时，按这台设备的速度反复测量。",
    cut: "有些块被切断了：这是剩下的网络。",
    onPicture: "显示在图片上",
    table: "用数字表示的图",
    measuring: "正在测量",
    empty: "先给模型看点什么：摄像头、照片、手绘或例子。",
    challenge: {
      title: "遮得越少越好",
      lead: "把格子模糊，直到回答改变。用的格子越少，你就越清楚网络在看什么。",
      take: "用这一帧",
      clear: "全部清除",
      compare: "和图比一比",
      comparing: "先按图的顺序模糊，再按随机顺序……",
      grid: "分成 8 × 8 格的图片：方向键移动，空格键模糊",
      blurredCell: (row, column) => `第 ${number(row)} 行，第 ${number(column)} 列：已模糊`,
      clearCell: (row, column) => `第 ${number(row)} 行，第 ${number(column)} 列：清晰`,
      start: (label) => `回答是“${name(label)}”。请模糊第一个格子。`,
      still: (count, label) => `已模糊 ${number(count)} 格，回答仍然是“${name(label)}”。`,
      flipped: (count, label) => `已模糊 ${number(count)} 格，回答变成了“${name(label)}”。`,
      map: (count) => `按遮挡图的顺序需要 ${number(count)} 格。`,
      mapNever: "按遮挡图的顺序，64 格全部模糊也改变不了回答。",
      random: (count) => `按随机顺序需要 ${number(count)} 格。`,
      randomNever: "按随机顺序，64 格全部模糊也改变不了回答。",
    },
  },

  // Samples and how near they are to one another

  knows: {
    measuring: "正在读取图片",
    own: (count) => `你的 ${number(count)} 张图片，按网络的 2048 个特征比较。`,
    checkSet: (count) => `你还没有自己的图片。这是随页面提供的 ${number(count)} 张画出来的手；一旦你有了图片，就换成你的。`,
    nearest: "与当前图片最近的",
    nearestLine: "特征指向同一方向的图片。每张下面是夹角的余弦：1 表示方向完全相同。",
    plane: "二维平面上的所有图片",
    planeLine: "每张图片是 2048 个数。这里画出图片之间差别最大的两个方向，即主成分。十字是当前的图片。点击打开一张；用键盘时按方向键和回车键。",
    variance: (first, second) => `第一个方向占方差的 ${percent(first)}，第二个占 ${percent(second)}。其余的在这里看不到。`,
    sample: (label) => `${label} 的图片`,
    doubtfulSample: (label, answer) => `标为 ${label}，但最近的邻居是 ${answer}`,
    noDoubts: "每张图片都有同类别的邻居。",
    doubts: (count) => `有 ${number(count)} 张图片的类别可疑（菱形标出）：最近的邻居属于别的类别。是不是标错了？`,
    itsNearest: "它最近的邻居：",
    means: "平均的手",
    meansLine: "每个类别的图片逐像素取平均。共同之处依然清晰。",
    mean: (label, count) => `${label} 的 ${number(count)} 张图片的平均`,
    pictures: (count) => samples(count),
    table: "图片列表",
    columns: { number: "序号", label: "类别", first: "第一方向", second: "第二方向", neighbors: "最近的" },
  },

  // Two networks that learn side by side

  learns: {},

  // Five guided stops

  stops: {
    lead: "五站，每站一屏。每站都有自己的网址：一个链接就是一课。",
    position: (index, total, line) => `第 ${number(index)} 站，共 ${number(total)} 站：${line}`,
    back: "上一站",
    next: "下一站",
    leave: "离开导览",
    end: "查看所有站",
    list: [
      { title: "为什么要深？",
        text: "这个网络有 50 个带权重的层。最前面的层只看几个像素，对边缘有反应；后面的每一层看到更大的部分，把前面找到的东西组合起来。但是普通网络太深反而变差：He 等人（2015）发现 56 层的误差比 20 层更大，在训练时就是如此。这不是过拟合，而是这样的网络更难训练。",
        task: "从第一个位置到最后一个位置跟着这只手走。到哪里，图就不再像一只手了？" },
      { title: "恒等块",
        text: "块 3b 计算 F(x)，即三个卷积，再加上它自己的输入：ReLU(F(x) + x)。前后大小相同，所以跳跃连接什么也不用算。要想什么都不做，只需让 F 变成 0，这很容易学会。",
        task: "打开这个块，找到两条路会合的地方。它们在那里有多大？" },
      { title: "卷积块",
        text: "块 3a 把高和宽减半，通道数加倍，x 就对不上了。所以它的跳跃连接上有一个步长为 2 的 1 × 1 卷积，把 x 变成新的大小。十六个块中有四个这样的块，每个阶段的开头一个。",
        task: "比较 3a 和 3b 的参数数量。跳跃连接上的卷积要花多少？" },
      { title: "跳跃连接带来什么",
        text: "在块 4b 中，跳跃连接被切断了：只有 F(x) 继续向前。Veit 等人（2016）发现，残差网络中几乎任何一个分支都可以去掉，因为它的结果是许多路径之和。而没有了跳跃连接，经过它的路径就全部消失了。",
        task: "测量检验集。然后打开跳跃连接，关掉分支 F(x)，比较一下。" },
      { title: "它在看什么",
        text: "把图片的一个窗口模糊，依次放在 49 个位置，每次测量 logit。哪里下降，网络就看了哪里。这样的图是一种测量，可以检验：遮住它指出的地方，回答应该很快改变。",
        task: "选另一个类别：什么反对它？然后在下面的挑战里自己试试。" },
    ],
  },
};
