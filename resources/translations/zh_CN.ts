<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>AlarmPanel</name>
    <message>
        <source>Alarms</source>
        <translation>告警</translation>
    </message>
    <message>
        <source>No alarm. A point stands here as soon as its rain reaches a threshold, with the value, the threshold and the time.</source>
        <translation>没有告警。雨量达到阈值的点会列在这里，带实况值、阈值和越线时间。</translation>
    </message>
    <message>
        <source>Draft</source>
        <translation>拟稿</translation>
    </message>
    <message>
        <source>Seen</source>
        <translation>已阅</translation>
    </message>
    <message>
        <source>Shelve</source>
        <translation>搁置</translation>
    </message>
    <message>
        <source>at least</source>
        <translation>至少</translation>
    </message>
    <message>
        <source>crossed {time}</source>
        <translation>{time} 越线</translation>
    </message>
    <message>
        <source>{level}: {rain} mm in {window}, threshold {threshold} mm. Source: {source}.</source>
        <translation>{level}：{window} 雨量 {rain} mm，阈值 {threshold} mm。来源：{source}。</translation>
    </message>
</context>
<context>
    <name>AnswerPanel</name>
    <message>
        <source>Inside the area</source>
        <translation>圈内</translation>
    </message>
    <message>
        <source>Click corners on the map, close with a double click: what lies inside stands here.</source>
        <translation>在图上逐点圈出一块，双击收口：圈内的登记列在这里。</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>收起</translation>
    </message>
    <message>
        <source>and {n} more, all in the export</source>
        <translation>还有 {n} 条，导出文件里是全的</translation>
    </message>
    <message>
        <source>{n} without a place: neither in nor out</source>
        <translation>{n} 条没有位置：不知在内还是在外</translation>
    </message>
    <message>
        <source>Nothing that is registered lies in here.</source>
        <translation>圈内没有登记的东西。</translation>
    </message>
    <message>
        <source>at least </source>
        <translation>至少 </translation>
    </message>
    <message>
        <source>partly</source>
        <translation>部分在内</translation>
    </message>
    <message>
        <source>about </source>
        <translation>约 </translation>
    </message>
    <message>
        <source>at most </source>
        <translation>至多 </translation>
    </message>
    <message>
        <source>At risk</source>
        <translation>受威胁</translation>
    </message>
    <message>
        <source>Their homes</source>
        <translation>户数</translation>
    </message>
    <message>
        <source>Points</source>
        <translation>隐患点</translation>
    </message>
    <message>
        <source>Units</source>
        <translation>重点单位</translation>
    </message>
    <message>
        <source>Shelters</source>
        <translation>避险点</translation>
    </message>
    <message>
        <source>Roads</source>
        <translation>道路</translation>
    </message>
    <message>
        <source>people</source>
        <translation>人</translation>
    </message>
    <message>
        <source>households</source>
        <translation>户</translation>
    </message>
    <message>
        <source>places</source>
        <translation>人容量</translation>
    </message>
    <message>
        <source>not known for {n}</source>
        <translation>{n} 处不详</translation>
    </message>
    <message>
        <source>{n} entries</source>
        <translation>{n} 条</translation>
    </message>
</context>
<context>
    <name>AskTool</name>
    <message>
        <source>Ruler, bearing, length</source>
        <translation>尺子：长度和方位</translation>
    </message>
    <message>
        <source>What lies in an area</source>
        <translation>圈定一块，看里面有什么</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>What lies in the areas of loaded layers</source>
        <translation>外来图层的面里有什么</translation>
    </message>
    <message>
        <source>inside</source>
        <translation>圈内</translation>
    </message>
</context>
<context>
    <name>BaseMaps</name>
    <message>
        <source>Next base map</source>
        <translation>换一张底图</translation>
    </message>
    <message>
        <source>Base map in color or in grays</source>
        <translation>底图彩色／灰度</translation>
    </message>
    <message>
        <source>Hillshade</source>
        <translation>地形晕渲</translation>
    </message>
    <message>
        <source>from the cache</source>
        <translation>用缓存</translation>
    </message>
    <message>
        <source>not whole</source>
        <translation>有缺</translation>
    </message>
    <message>
        <source>no line, from the cache</source>
        <translation>断网，用缓存</translation>
    </message>
    <message>
        <source>cannot be opened</source>
        <translation>打不开</translation>
    </message>
</context>
<context>
    <name>Caption</name>
    <message>
        <source>as it stands in the file</source>
        <translation>文件原样</translation>
    </message>
    <message>
        <source>moved by {meters} m</source>
        <translation>移动 {meters} 米</translation>
    </message>
</context>
<context>
    <name>CardActs</name>
    <message>
        <source>The registers are being read.</source>
        <translation>登记表正在读取。</translation>
    </message>
    <message>
        <source>This is in no register.</source>
        <translation>登记表里没有它。</translation>
    </message>
    <message>
        <source>Sign in first: a change names who made it.</source>
        <translation>先接班：改动要记下是谁做的。</translation>
    </message>
    <message>
        <source>This register keeps no inspections.</source>
        <translation>这个登记表不记巡查。</translation>
    </message>
    <message>
        <source>No number is entered.</source>
        <translation>没有登记电话。</translation>
    </message>
    <message>
        <source>The inspection was not kept: this entry stands in the form, unsaved. Save or close that first.</source>
        <translation>巡查没有记下：表单里正开着这一条，还没保存。先保存或关闭表单。</translation>
    </message>
</context>
<context>
    <name>CardFoot</name>
    <message>
        <source>Edit</source>
        <translation>改登记</translation>
    </message>
    <message>
        <source>Inspected</source>
        <translation>记巡查</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>拨打</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>到表中</translation>
    </message>
    <message>
        <source>what was found? Enter keeps, Esc leaves</source>
        <translation>巡查情况，可不填；Enter 记下，Esc 不记</translation>
    </message>
</context>
<context>
    <name>Cards</name>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
    <message>
        <source>checked on site {day}</source>
        <translation>{day}现场核对</translation>
    </message>
    <message>
        <source>not entered</source>
        <translation>未登记</translation>
    </message>
    <message>
        <source>{day} {month}</source>
        <translation>{month}月{day}日</translation>
    </message>
    <message>
        <source>today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>{n} days ago</source>
        <translation>{n} 天前</translation>
    </message>
    <message>
        <source>overdue {n} d</source>
        <translation>逾期 {n} 天</translation>
    </message>
    <message>
        <source>{number} is copied: {who}.</source>
        <translation>已复制 {number}：{who}。</translation>
    </message>
    <message>
        <source>{number} is copied.</source>
        <translation>已复制 {number}。</translation>
    </message>
    <message>
        <source>Once more takes the next of {n} others.</source>
        <translation>再按一次换下一个，另有 {n} 个。</translation>
    </message>
    <message>
        <source>next</source>
        <translation>下次</translation>
    </message>
    <message>
        <source>was due {day}</source>
        <translation>应于 {day}</translation>
    </message>
</context>
<context>
    <name>Clocks</name>
    <message>
        <source>Answers are not counted yet: call-out comes with a later version</source>
        <translation>应：叫应在后续版本提供，现在没有数据</translation>
    </message>
    <message>
        <source>Acts are not counted yet: reports from the place come with a later version</source>
        <translation>动：现场反馈在后续版本提供，现在没有数据</translation>
    </message>
    <message>
        <source>No alarm came before this warning</source>
        <translation>本预警之前没有告警</translation>
    </message>
    <message>
        <source>alarm</source>
        <translation>警</translation>
    </message>
    <message>
        <source>issue</source>
        <translation>发</translation>
    </message>
    <message>
        <source>reach</source>
        <translation>达</translation>
    </message>
    <message>
        <source>reply</source>
        <translation>应</translation>
    </message>
    <message>
        <source>act</source>
        <translation>动</translation>
    </message>
</context>
<context>
    <name>ColumnCard</name>
    <message>
        <source>Column</source>
        <translation>垂直柱</translation>
    </message>
    <message>
        <source>km</source>
        <translation>km</translation>
    </message>
    <message>
        <source>Radar</source>
        <translation>雷达</translation>
    </message>
    <message>
        <source>Age</source>
        <translation>时效</translation>
    </message>
    <message>
        <source>being read</source>
        <translation>正在读取</translation>
    </message>
    <message>
        <source>No radar sees this place at any height.</source>
        <translation>任何高度都没有雷达看得到此处。</translation>
    </message>
    <message>
        <source>no beam lies at this height over this place</source>
        <translation>此处这一高度没有波束</translation>
    </message>
    <message>
        <source>not seen</source>
        <translation>看不到</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>beam at {km} km above sea level, seen by {n}</source>
        <translation>波束在海拔 {km} km，{n} 部可见</translation>
    </message>
</context>
<context>
    <name>ColumnHeads</name>
    <message>
        <source>Columns that have no room: click to choose one, or go there with the arrow keys</source>
        <translation>放不下的列：点击选列，或用方向键前往</translation>
    </message>
    <message>
        <source>{n} more</source>
        <translation>另 {n} 列</translation>
    </message>
</context>
<context>
    <name>ColumnTool</name>
    <message>
        <source>Column over the place under the cursor: echo by height</source>
        <translation>光标处的垂直柱：各高度回波</translation>
    </message>
</context>
<context>
    <name>CompletenessPage</name>
    <message>
        <source>No town is known. Load the county&apos;s towns and villages, then import the register of the six, or add entries.</source>
        <translation>还没有乡镇。先载入县里的镇村，再导入“六个一”登记表，或逐条新增。</translation>
    </message>
    <message>
        <source>Choose a town: its villages stand here.</source>
        <translation>选一个镇，这里列出它的村。</translation>
    </message>
    <message>
        <source>all six</source>
        <translation>六项齐</translation>
    </message>
    <message>
        <source>Town</source>
        <translation>镇</translation>
    </message>
    <message>
        <source>Village</source>
        <translation>村</translation>
    </message>
    <message>
        <source>missing {n}</source>
        <translation>缺 {n}</translation>
    </message>
    <message>
        <source>overdue {n}</source>
        <translation>逾期 {n}</translation>
    </message>
    <message>
        <source>not written down {n}</source>
        <translation>未登记 {n}</translation>
    </message>
    <message>
        <source>all six {n} of {m}</source>
        <translation>六项齐 {n}/{m}</translation>
    </message>
    <message>
        <source>the town itself</source>
        <translation>镇本级</translation>
    </message>
    <message>
        <source>no entry</source>
        <translation>未登记</translation>
    </message>
    <message>
        <source>late</source>
        <translation>逾期</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>缺</translation>
    </message>
</context>
<context>
    <name>Console</name>
    <message>
        <source>Zoom in</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Whole county</source>
        <translation>全县</translation>
    </message>
    <message>
        <source>Close the point&apos;s card</source>
        <translation>关闭点位卡片</translation>
    </message>
</context>
<context>
    <name>ConsoleViews</name>
    <message>
        <source>Rain from composite reflectivity (the largest value of the column) reads too high, and clutter counts as rain.</source>
        <translation>由组合反射率（整列最大值）估算的雨量偏大，杂波也会算成雨。</translation>
    </message>
    <message>
        <source>A level went up without a sound: no player here. Watch the screen; see fengsui doctor.</source>
        <translation>告警升级没有响铃：本机没有可用的播放程序。请盯住屏幕，并运行 fengsui doctor 检查。</translation>
    </message>
</context>
<context>
    <name>ContactsPage</name>
    <message>
        <source>The register of people is being read.</source>
        <translation>正在读责任人登记表。</translation>
    </message>
    <message>
        <source>No contact has this fault.</source>
        <translation>没有这类问题。</translation>
    </message>
    <message>
        <source>Fault</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Entries</source>
        <translation>条数</translation>
    </message>
    <message>
        <source>no people yet: import the register of people, or add them</source>
        <translation>还没有责任人：导入责任人登记表，或逐条新增</translation>
    </message>
    <message>
        <source>{n} people</source>
        <translation>{n} 人</translation>
    </message>
    <message>
        <source>sound {n}</source>
        <translation>无问题 {n}</translation>
    </message>
    <message>
        <source>with a fault {n}</source>
        <translation>有问题 {n}</translation>
    </message>
    <message>
        <source>bounced</source>
        <translation>退信</translation>
    </message>
    <message>
        <source>no number</source>
        <translation>没有号码</translation>
    </message>
    <message>
        <source>doubled number</source>
        <translation>一号多人</translation>
    </message>
    <message>
        <source>differing numbers</source>
        <translation>一人多号不一致</translation>
    </message>
    <message>
        <source>overdue</source>
        <translation>确认逾期</translation>
    </message>
    <message>
        <source>never confirmed</source>
        <translation>从未确认</translation>
    </message>
    <message>
        <source>no substitute</source>
        <translation>没有替补</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>职责</translation>
    </message>
    <message>
        <source>Town, village</source>
        <translation>镇村</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>号码</translation>
    </message>
    <message>
        <source>What is wrong</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>also the number of {names}</source>
        <translation>也是{names}的号码</translation>
    </message>
    <message>
        <source>{names} has other numbers in {n} more entries</source>
        <translation>{names}在另 {n} 条里是别的号码</translation>
    </message>
</context>
<context>
    <name>CrsPreview</name>
    <message>
        <source>WGS 84 or CGCS2000, degrees</source>
        <translation>WGS 84 或 CGCS2000（经纬度）</translation>
    </message>
    <message>
        <source>GCJ-02 (Amap, Tencent)</source>
        <translation>GCJ-02（高德、腾讯）</translation>
    </message>
    <message>
        <source>BD-09 (Baidu)</source>
        <translation>BD-09（百度）</translation>
    </message>
    <message>
        <source>Web Mercator, meters</source>
        <translation>Web 墨卡托（米）</translation>
    </message>
    <message>
        <source>Coordinates of the right map</source>
        <translation>右图的坐标系</translation>
    </message>
    <message>
        <source>The left one is right</source>
        <translation>左图对</translation>
    </message>
    <message>
        <source>The right one is right</source>
        <translation>右图对</translation>
    </message>
    <message>
        <source>Leave the file alone</source>
        <translation>不加这个文件</translation>
    </message>
    <message>
        <source>It does not say in which coordinates it is. Choose the map on which it fits roads and borders.</source>
        <translation>文件没有说明坐标系。请选择与道路、边界对得上的那一幅。</translation>
    </message>
    <message>
        <source>Thick: the file. Thin: the office&apos;s own roads and borders.</source>
        <translation>粗线是文件，细线是本台的道路和边界。</translation>
    </message>
    <message>
        <source>in the village it names: {agrees} of {named}</source>
        <translation>村名对得上 {agrees}/{named}</translation>
    </message>
    <message>
        <source>{named} of the register&apos;s names: {meters} m off</source>
        <translation>与登记表同名的 {named} 处相差 {meters} 米</translation>
    </message>
    <message>
        <source>roads and borders: {meters} m off</source>
        <translation>到道路、边界 {meters} 米</translation>
    </message>
    <message>
        <source>; </source>
        <translation>；</translation>
    </message>
    <message>
        <source>It is read as WGS 84, but seems to be in {crs}: compare with roads and borders, and choose the map that fits.</source>
        <translation>文件按 WGS 84 读入，但看起来是 {crs}：请与道路、边界和村名对照，选对得上的一幅。</translation>
    </message>
    <message>
        <source>Crosses: the file. Lines and names: the office&apos;s own villages, roads and borders.</source>
        <translation>叉是文件里的点；线和名称是本台的村、道路和边界。</translation>
    </message>
    <message>
        <source>Nothing that is known here speaks for one of them.</source>
        <translation>没有依据偏向哪一种。</translation>
    </message>
</context>
<context>
    <name>Curve</name>
    <message>
        <source>Rows within so many meters of a road or house</source>
        <translation>距道路或房屋多少米以内的行数</translation>
    </message>
</context>
<context>
    <name>DemoWindow</name>
    <message>
        <source>Making the exercise county</source>
        <translation>正在建立演练县</translation>
    </message>
</context>
<context>
    <name>DraftSheet</name>
    <message>
        <source>Text</source>
        <translation>正文</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>防御指南</translation>
    </message>
    <message>
        <source>Valid</source>
        <translation>时效</translation>
    </message>
    <message>
        <source>To</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>Products</source>
        <translation>成品</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>作废</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Recall</source>
        <translation>收回改稿</translation>
    </message>
    <message>
        <source>Submit</source>
        <translation>提交</translation>
    </message>
    <message>
        <source>Issue</source>
        <translation>发布</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制正文</translation>
    </message>
    <message>
        <source>Print</source>
        <translation>打印</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>收起</translation>
    </message>
</context>
<context>
    <name>Evidence</name>
    <message>
        <source>Gauge</source>
        <translation>雨量</translation>
    </message>
    <message>
        <source>Radar</source>
        <translation>雷达</translation>
    </message>
    <message>
        <source>{share} of {hours} h</source>
        <translation>{hours} h 的 {share}</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>Archive</source>
        <translation>归档</translation>
    </message>
    <message>
        <source>hourly radar sums</source>
        <translation>雷达逐时累计</translation>
    </message>
</context>
<context>
    <name>EvidenceChart</name>
    <message>
        <source>No curve: this alarm has no series of rain.</source>
        <translation>没有曲线：本告警没有逐时雨量。</translation>
    </message>
    <message>
        <source>{window} sum mm</source>
        <translation>{window} 累计 mm</translation>
    </message>
    <message>
        <source>{n} min</source>
        <translation>{n} 分</translation>
    </message>
</context>
<context>
    <name>FeedList</name>
    <message>
        <source>Data in</source>
        <translation>来报</translation>
    </message>
    <message>
        <source>Nothing came in yet. Files put into the inbox of the office stand here.</source>
        <translation>还没有来报。放进本台收件目录的文件会列在这里。</translation>
    </message>
    <message>
        <source>{n} refused</source>
        <translation>{n} 份未收</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>未收</translation>
    </message>
    <message>
        <source>Unproven: no real file of this layout was ever at hand. Compare it with another source.</source>
        <translation>未经验证：手头从没有这种格式的真实文件，请与其他来源对照。</translation>
    </message>
    <message>
        <source>incomplete</source>
        <translation>不完整</translation>
    </message>
    <message>
        <source>odd</source>
        <translation>异常</translation>
    </message>
    <message>
        <source>unproven</source>
        <translation>未经验证</translation>
    </message>
</context>
<context>
    <name>Figures</name>
    <message>
        <source>No roads, villages or borders are registered here: the position is not judged.</source>
        <translation>本台没有道路、村界或县界，位置无从核对。</translation>
    </message>
    <message>
        <source>Middle distance to a road or house</source>
        <translation>到道路或房屋的中位距离</translation>
    </message>
    <message>
        <source>Rows inside the county</source>
        <translation>在县内的行</translation>
    </message>
    <message>
        <source>Fits best when moved by</source>
        <translation>移动多少最贴合</translation>
    </message>
    <message>
        <source>Village agrees with the map</source>
        <translation>所写村与图上村一致</translation>
    </message>
</context>
<context>
    <name>FilterRow</name>
    <message>
        <source>Words parted by spaces: one of them. Also: &gt;= 100, 10..20, &gt;= 2026-05, empty, * (filled), overdue.</source>
        <translation>几个词用空格隔开，含其一即可。也可写：&gt;= 100、10..20、&gt;= 2026-05、空、*（不空）、逾期。</translation>
    </message>
    <message>
        <source>has …</source>
        <translation>含 …</translation>
    </message>
    <message>
        <source>red, mm: any</source>
        <translation>红色阈值 mm，任意</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
</context>
<context>
    <name>FormNotice</name>
    <message>
        <source>Discard and go there</source>
        <translation>放弃改动，转过去</translation>
    </message>
    <message>
        <source>{name} is selected; this is still {mine}, and not saved yet.</source>
        <translation>已选中 {name}；这里仍是 {mine}，还没保存。</translation>
    </message>
</context>
<context>
    <name>GroupField</name>
    <message>
        <source>group; empty: its own</source>
        <translation>分组；留空归原组</translation>
    </message>
    <message>
        <source>Group of the layer</source>
        <translation>图层的分组</translation>
    </message>
</context>
<context>
    <name>ImportFoot</name>
    <message>
        <source>Leave it</source>
        <translation>不导入</translation>
    </message>
    <message>
        <source>Read again</source>
        <translation>重读</translation>
    </message>
    <message>
        <source>Report to the owner</source>
        <translation>退回报告</translation>
    </message>
    <message>
        <source>Take {n} rows back in</source>
        <translation>放回 {n} 行</translation>
    </message>
    <message>
        <source>Leave {n} rows out</source>
        <translation>略去 {n} 行</translation>
    </message>
    <message>
        <source>Import {n} rows</source>
        <translation>导入 {n} 行</translation>
    </message>
</context>
<context>
    <name>ImportHead</name>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>列</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>核查</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
</context>
<context>
    <name>ImportPage</name>
    <message>
        <source>Columns</source>
        <translation>列</translation>
    </message>
    <message>
        <source>The columns of the file stand here.</source>
        <translation>文件的列在这里。</translation>
    </message>
    <message>
        <source>Findings</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Nothing is wrong with this file: every row passes.</source>
        <translation>这份文件没有问题，每一行都通过。</translation>
    </message>
    <message>
        <source>Position check</source>
        <translation>位置核对</translation>
    </message>
    <message>
        <source>Import into {register}</source>
        <translation>导入到 {register}</translation>
    </message>
    <message>
        <source>{file}   sheet {sheet}   {rows} rows   {columns} columns</source>
        <translation>{file}   表 {sheet}   {rows} 行   {columns} 列</translation>
    </message>
    <message>
        <source>{n} mapped, {left} kept as they are</source>
        <translation>对上 {n} 列，{left} 列照存</translation>
    </message>
    <message>
        <source>{n} kinds</source>
        <translation>{n} 类</translation>
    </message>
    <message>
        <source>{n} rows refused</source>
        <translation>{n} 行不通过</translation>
    </message>
    <message>
        <source>{n} mapped, {left} kept, {out} left out</source>
        <translation>对上 {n} 列，照存 {left} 列，不取 {out} 列</translation>
    </message>
    <message>
        <source>Say below the columns what its coordinates rest on.</source>
        <translation>请在列表下方选定坐标系。</translation>
    </message>
    <message>
        <source>Point a column at it with C, or choose the kind below the columns.</source>
        <translation>请按 C 指定一列，或在列表下方选定类型。</translation>
    </message>
    <message>
        <source>Mend it with {key}.</source>
        <translation>按 {key} 修正。</translation>
    </message>
    <message>
        <source>Let its owner mend it.</source>
        <translation>请填报单位改正。</translation>
    </message>
    <message>
        <source>Nothing was imported: something stands against the whole file.</source>
        <translation>没有导入：整个文件不通过。</translation>
    </message>
    <message>
        <source>Nothing was imported: {n} rows do not pass. Mend them with their keys 1 to 9, or leave them out with L; then Ctrl+Enter imports the rest.</source>
        <translation>没有导入：{n} 行不通过。按 1 到 9 修正，或按 L 略去，再按 Ctrl+Enter 导入其余各行。</translation>
    </message>
    <message>
        <source>Nothing was imported: no row is left. Take rows back in with L, or read another file.</source>
        <translation>没有导入：一行也不剩。按 L 收回略去的行，或换一个文件。</translation>
    </message>
    <message>
        <source>as before</source>
        <translation>沿用</translation>
    </message>
    <message>
        <source>In the file</source>
        <translation>文件中</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>字段</translation>
    </message>
    <message>
        <source>First</source>
        <translation>首行</translation>
    </message>
    <message>
        <source>Mapped</source>
        <translation>对应</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>行</translation>
    </message>
    <message>
        <source>Point, reason below</source>
        <translation>点位（原因在下）</translation>
    </message>
    <message>
        <source>Mend gives</source>
        <translation>修正为</translation>
    </message>
    <message>
        <source>Point</source>
        <translation>点位</translation>
    </message>
    <message>
        <source>Why it does not pass</source>
        <translation>不通过的原因</translation>
    </message>
    <message>
        <source>by name</source>
        <translation>按名</translation>
    </message>
    <message>
        <source>by hand</source>
        <translation>手选</translation>
    </message>
    <message>
        <source>kept</source>
        <translation>照存</translation>
    </message>
    <message>
        <source>left out</source>
        <translation>不取</translation>
    </message>
    <message>
        <source>file</source>
        <translation>整表</translation>
    </message>
    <message>
        <source>odd, not refused</source>
        <translation>存疑，不拦</translation>
    </message>
    <message>
        <source>({n} of {all})</source>
        <translation>（{all} 行中 {n} 行）</translation>
    </message>
    <message>
        <source>done for {n} rows; again takes it back</source>
        <translation>已改 {n} 行，再按一次撤回</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>{n} more, lines {lines}</source>
        <translation>还有 {n} 行：{lines}</translation>
    </message>
    <message>
        <source>{stays} stays, {goes} goes</source>
        <translation>留 {stays}，去 {goes}</translation>
    </message>
    <message>
        <source>ask the owner</source>
        <translation>问填报人</translation>
    </message>
    <message>
        <source>The rows are checked when the file is read.</source>
        <translation>读入文件后逐行核查。</translation>
    </message>
</context>
<context>
    <name>ImportStrip</name>
    <message>
        <source>Stop</source>
        <translation>停下</translation>
    </message>
</context>
<context>
    <name>ImportTool</name>
    <message>
        <source>Import a file</source>
        <translation>导入文件</translation>
    </message>
    <message>
        <source>Tables and layers ({kinds})</source>
        <translation>表格和图层 ({kinds})</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Report to the owner</source>
        <translation>退回报告</translation>
    </message>
    <message>
        <source>{n} rows are in the register.</source>
        <translation>{n} 行已进登记表。</translation>
    </message>
    <message>
        <source>The import can be taken back as long as nobody has changed its records.</source>
        <translation>在有人改动这些记录之前，可以整批撤回。</translation>
    </message>
    <message>
        <source>Take it back</source>
        <translation>撤回</translation>
    </message>
    <message>
        <source>report</source>
        <translation>退回</translation>
    </message>
    <message>
        <source>Reading the file</source>
        <translation>正在读文件</translation>
    </message>
    <message>
        <source>Checking every row</source>
        <translation>正在逐行检查</translation>
    </message>
    <message>
        <source>Writing into the register</source>
        <translation>正在写入登记表</translation>
    </message>
</context>
<context>
    <name>InForcePanel</name>
    <message>
        <source>In force</source>
        <translation>生效中</translation>
    </message>
    <message>
        <source>No warning is in force. A draft begins at an alarm with D.</source>
        <translation>没有生效的预警。在告警上按 D 拟稿。</translation>
    </message>
    <message>
        <source>left:</source>
        <translation>剩</translation>
    </message>
    <message>
        <source>{n} towns</source>
        <translation>{n} 个镇</translation>
    </message>
</context>
<context>
    <name>JournalPanel</name>
    <message>
        <source>Journal</source>
        <translation>值班日志</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>No line. Every act of the duty is written here and stays.</source>
        <translation>没有记录。值班的每一步都记在这里，不可更改。</translation>
    </message>
    <message>
        <source>system</source>
        <translation>系统</translation>
    </message>
    <message>
        <source>No. {n}</source>
        <translation>第 {n} 号</translation>
    </message>
    <message>
        <source>at least</source>
        <translation>至少</translation>
    </message>
    <message>
        <source>{n} files found</source>
        <translation>补录 {n} 个文件</translation>
    </message>
    <message>
        <source>{n} of another length</source>
        <translation>{n} 个大小有变</translation>
    </message>
    <message>
        <source>{n} gone</source>
        <translation>{n} 个已不在</translation>
    </message>
</context>
<context>
    <name>KeyCap</name>
    <message>
        <source>Space</source>
        <translation>空格</translation>
    </message>
</context>
<context>
    <name>KeySheet</name>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>地图</translation>
    </message>
    <message>
        <source>Radar</source>
        <translation>雷达</translation>
    </message>
    <message>
        <source>Registers</source>
        <translation>登记表</translation>
    </message>
    <message>
        <source>What stands here</source>
        <translation>眼前的按钮</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>通用</translation>
    </message>
</context>
<context>
    <name>LayerHead</name>
    <message>
        <source>Layers</source>
        <translation>图层</translation>
    </message>
    <message>
        <source>data of</source>
        <translation>资料时间</translation>
    </message>
    <message>
        <source>opacity %</source>
        <translation>不透明 %</translation>
    </message>
</context>
<context>
    <name>LayerPanel</name>
    <message>
        <source>Radar mosaic</source>
        <translation>雷达拼图</translation>
    </message>
    <message>
        <source>Radar sweep</source>
        <translation>雷达单层</translation>
    </message>
    <message>
        <source>Hazard points</source>
        <translation>隐患点</translation>
    </message>
    <message>
        <source>Warnings in force</source>
        <translation>生效预警</translation>
    </message>
    <message>
        <source>Draft</source>
        <translation>本稿</translation>
    </message>
    <message>
        <source>Rain gauges</source>
        <translation>雨量站</translation>
    </message>
    <message>
        <source>Radars</source>
        <translation>雷达站</translation>
    </message>
    <message>
        <source>County border</source>
        <translation>县界</translation>
    </message>
    <message>
        <source>Towns</source>
        <translation>乡镇</translation>
    </message>
    <message>
        <source>Villages</source>
        <translation>村</translation>
    </message>
    <message>
        <source>Roads</source>
        <translation>道路</translation>
    </message>
    <message>
        <source>Rivers</source>
        <translation>水系</translation>
    </message>
    <message>
        <source>Relief</source>
        <translation>地形</translation>
    </message>
    <message>
        <source>Outside dimmed</source>
        <translation>县外压暗</translation>
    </message>
    <message>
        <source>The layers of the map stand here once an office is open.</source>
        <translation>打开台站后，地图图层列在这里。</translation>
    </message>
    <message>
        <source>opacity in percent</source>
        <translation>不透明度，百分比</translation>
    </message>
    <message>
        <source>Which radar</source>
        <translation>取自哪部雷达</translation>
    </message>
    <message>
        <source>How many radars</source>
        <translation>几部雷达可见</translation>
    </message>
    <message>
        <source>Radar coverage</source>
        <translation>雷达覆盖</translation>
    </message>
    <message>
        <source>Not seen by any radar</source>
        <translation>雷达看不到</translation>
    </message>
    <message>
        <source>Base map</source>
        <translation>基础底图</translation>
    </message>
    <message>
        <source>Borders</source>
        <translation>区划</translation>
    </message>
    <message>
        <source>Hazards</source>
        <translation>隐患</translation>
    </message>
    <message>
        <source>Zoning</source>
        <translation>灾害区划</translation>
    </message>
    <message>
        <source>Exposed</source>
        <translation>承灾体</translation>
    </message>
    <message>
        <source>People and posts</source>
        <translation>人员与设施</translation>
    </message>
    <message>
        <source>Radar and rain</source>
        <translation>雷达与实况</translation>
    </message>
    <message>
        <source>Own layers</source>
        <translation>自加图层</translation>
    </message>
    <message>
        <source>Base map tiles</source>
        <translation>底图</translation>
    </message>
    <message>
        <source>not drawn at this scale</source>
        <translation>此比例尺不显示</translation>
    </message>
    <message>
        <source>scale</source>
        <translation>比例尺</translation>
    </message>
    <message>
        <source>Source: {source}</source>
        <translation>来源：{source}</translation>
    </message>
    <message>
        <source>not entered</source>
        <translation>未登记</translation>
    </message>
    <message>
        <source>Data of {day}</source>
        <translation>资料时间 {day}</translation>
    </message>
    <message>
        <source>Drawn at every scale</source>
        <translation>各比例尺都显示</translation>
    </message>
    <message>
        <source>Drawn from {scale} on</source>
        <translation>{scale} 及更大时显示</translation>
    </message>
    <message>
        <source>Drawn up to {scale}</source>
        <translation>{scale} 及更小时显示</translation>
    </message>
    <message>
        <source>Drawn from {far} to {near}</source>
        <translation>{far} 到 {near} 显示</translation>
    </message>
    <message>
        <source>{year}</source>
        <translation>{year} 年</translation>
    </message>
    <message>
        <source>register of this office</source>
        <translation>本台登记表</translation>
    </message>
    <message>
        <source>People</source>
        <translation>人员与设施</translation>
    </message>
    <message>
        <source>Radar, rain</source>
        <translation>雷达与实况</translation>
    </message>
    <message>
        <source>Age of the mosaic, min</source>
        <translation>资料时效，分钟</translation>
    </message>
    <message>
        <source>Height of the beam, km</source>
        <translation>波束高度，km</translation>
    </message>
    <message>
        <source>Storms, hail, rotation</source>
        <translation>风暴、冰雹、旋转</translation>
    </message>
</context>
<context>
    <name>LayerTool</name>
    <message>
        <source>Put a file on the map</source>
        <translation>把文件放到图上</translation>
    </message>
    <message>
        <source>A file for the map</source>
        <translation>选择要放到图上的文件</translation>
    </message>
    <message>
        <source>Layers ({kinds})</source>
        <translation>图层（{kinds}）</translation>
    </message>
    <message>
        <source>{name} (stale)</source>
        <translation>{name}（过时）</translation>
    </message>
    <message>
        <source>Keep it, and it is there after the next start too.</source>
        <translation>保留后，下次打开仍在。</translation>
    </message>
    <message>
        <source>Keep in the office</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>{name} is on the map: {what}.</source>
        <translation>{name} 已在图上：{what}。</translation>
    </message>
    <message>
        <source>a grid of {count} cells</source>
        <translation>{count} 格的格点</translation>
    </message>
    <message>
        <source>{count} areas</source>
        <translation>{count} 个面</translation>
    </message>
    <message>
        <source>{count} lines</source>
        <translation>{count} 条线</translation>
    </message>
    <message>
        <source>{count} points</source>
        <translation>{count} 个点</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
</context>
<context>
    <name>Legend</name>
    <message>
        <source>warning</source>
        <translation>预警</translation>
    </message>
    <message>
        <source>draft</source>
        <translation>本稿</translation>
    </message>
    <message>
        <source>gauge</source>
        <translation>雨量站</translation>
    </message>
    <message>
        <source>silent gauge</source>
        <translation>无数的雨量站</translation>
    </message>
    <message>
        <source>radar</source>
        <translation>雷达</translation>
    </message>
    <message>
        <source>place of a loaded layer</source>
        <translation>载入图层的点</translation>
    </message>
    <message>
        <source>not seen by any radar</source>
        <translation>雷达看不到</translation>
    </message>
    <message>
        <source>range folded, value unknown</source>
        <translation>距离折叠，值不明</translation>
    </message>
    <message>
        <source>position in doubt</source>
        <translation>坐标存疑</translation>
    </message>
    <message>
        <source>overdue</source>
        <translation>逾期</translation>
    </message>
    <message>
        <source>out of its period</source>
        <translation>不在期内</translation>
    </message>
    <message>
        <source>several, with their count</source>
        <translation>聚合，数为个数</translation>
    </message>
    <message>
        <source>several, some not judged</source>
        <translation>聚合，含未判</translation>
    </message>
    <message>
        <source>m/s, − toward the radar, + away</source>
        <translation>m/s，负 朝向雷达，正 离开</translation>
    </message>
    <message>
        <source>{n} more signs</source>
        <translation>另有图例 {n} 项</translation>
    </message>
    <message>
        <source>fewer signs</source>
        <translation>收起图例</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Fengsui</source>
        <translation>烽燧</translation>
    </message>
    <message>
        <source>Watch</source>
        <translation>值班</translation>
    </message>
    <message>
        <source>Issue</source>
        <translation>发布</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>叫应</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>复盘</translation>
    </message>
    <message>
        <source>Search or command</source>
        <translation>搜索或命令</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>[Exercise] {office}</source>
        <translation>【演练】{office}</translation>
    </message>
    <message>
        <source>To the sheet</source>
        <translation>看稿</translation>
    </message>
    <message>
        <source>Evidence and review</source>
        <translation>依据与复核</translation>
    </message>
</context>
<context>
    <name>MapViewTool</name>
    <message>
        <source>Layers</source>
        <translation>图层</translation>
    </message>
    <message>
        <source>Print the map</source>
        <translation>打印地图</translation>
    </message>
    <message>
        <source>Print the map as a picture</source>
        <translation>地图存为图片</translation>
    </message>
    <message>
        <source>Saved view 1 to 9</source>
        <translation>存下的视图 1 到 9</translation>
    </message>
    <message>
        <source>Keep the view as 1 to 9</source>
        <translation>把当前视图存为 1 到 9</translation>
    </message>
</context>
<context>
    <name>MappingStrip</name>
    <message>
        <source>Field of the column</source>
        <translation>这一列的字段</translation>
    </message>
    <message>
        <source>Unit of the column</source>
        <translation>这一列的单位</translation>
    </message>
    <message>
        <source>Coordinates of the file</source>
        <translation>文件的坐标系</translation>
    </message>
    <message>
        <source>Kind of all rows</source>
        <translation>各行的类型</translation>
    </message>
    <message>
        <source>Change the column</source>
        <translation>改这一列</translation>
    </message>
    <message>
        <source>By name again</source>
        <translation>改回按名</translation>
    </message>
    <message>
        <source>Choose a column above</source>
        <translation>请在上面选一列</translation>
    </message>
    <message>
        <source>keep beside the fields</source>
        <translation>照存，不入字段</translation>
    </message>
    <message>
        <source>leave out</source>
        <translation>不取</translation>
    </message>
    <message>
        <source>Coordinates</source>
        <translation>坐标系</translation>
    </message>
    <message>
        <source>as the file says: {crs}</source>
        <translation>按文件所说：{crs}</translation>
    </message>
    <message>
        <source>the file has no such column</source>
        <translation>文件没有这一列</translation>
    </message>
    <message>
        <source>Sheet of the workbook</source>
        <translation>工作簿里的表</translation>
    </message>
    <message>
        <source>Sheet</source>
        <translation>表</translation>
    </message>
    <message>
        <source>one of {n}</source>
        <translation>共 {n} 张</translation>
    </message>
    <message>
        <source>hidden</source>
        <translation>隐藏</translation>
    </message>
</context>
<context>
    <name>MeasureSheet</name>
    <message>
        <source>One back</source>
        <translation>退一点</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>收起</translation>
    </message>
    <message>
        <source>Ruler: click corners</source>
        <translation>尺子：逐点点击</translation>
    </message>
    <message>
        <source>leg</source>
        <translation>本段</translation>
    </message>
    <message>
        <source>Take an area</source>
        <translation>点选已有的面</translation>
    </message>
    <message>
        <source>Click a town, a zone, an area</source>
        <translation>点一下乡镇、区划或面；同一处再点取外面一层</translation>
    </message>
    <message>
        <source>Draw</source>
        <translation>自己圈</translation>
    </message>
    <message>
        <source>crosses itself</source>
        <translation>自相交</translation>
    </message>
    <message>
        <source>Click corners; double click closes</source>
        <translation>圈定：逐点点击，双击收口</translation>
    </message>
</context>
<context>
    <name>NextLevelPanel</name>
    <message>
        <source>Nothing near a threshold. Points stand here when rain has brought them within 30 mm of their next level; points without enough data come last.</source>
        <translation>没有接近阈值的点。有雨且距下一级不足 30 mm 的点会列在这里，缺数未判的点排在最后。</translation>
    </message>
    <message>
        <source>past red</source>
        <translation>已超</translation>
    </message>
    <message>
        <source>{windows} not judged</source>
        <translation>{windows} 未判</translation>
    </message>
    <message>
        <source>{n} more not judged: {windows} lack data</source>
        <translation>另有 {n} 点未判：{windows} 缺测</translation>
    </message>
    <message>
        <source>{share} % of the window</source>
        <translation>窗口有数 {share} %</translation>
    </message>
    <message>
        <source>Gauge {gauge} is silent</source>
        <translation>雨量站 {gauge} 无数</translation>
    </message>
    <message>
        <source>Minutes to the next level: {missing} (no forecast yet)</source>
        <translation>到下一级的分钟数：{missing}（还没有外推）</translation>
    </message>
    <message>
        <source>{n} more are further away</source>
        <translation>另有 {n} 点离阈值更远</translation>
    </message>
</context>
<context>
    <name>NoticeBar</name>
    <message>
        <source>Read</source>
        <translation>已读</translation>
    </message>
    <message>
        <source>{n} more</source>
        <translation>另有 {n} 条</translation>
    </message>
</context>
<context>
    <name>Outcome</name>
    <message>
        <source>Read</source>
        <translation>读入</translation>
    </message>
    <message>
        <source>pass</source>
        <translation>通过</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>不通过</translation>
    </message>
    <message>
        <source>left out</source>
        <translation>略去</translation>
    </message>
    <message>
        <source>{added} new, {changed} changed, {same} the same, {missing} not in the file</source>
        <translation>新增 {added}，改动 {changed}，未变 {same}，文件中没有 {missing}</translation>
    </message>
    <message>
        <source>the whole file is refused</source>
        <translation>整个文件不通过</translation>
    </message>
</context>
<context>
    <name>PartChoice</name>
    <message>
        <source>Put on the map</source>
        <translation>放到图上</translation>
    </message>
    <message>
        <source>All of them</source>
        <translation>全部放上</translation>
    </message>
    <message>
        <source>Leave the file</source>
        <translation>不放</translation>
    </message>
    <message>
        <source>{n} more are not listed; name one as part in office.toml</source>
        <translation>另有 {n} 个未列出；请在 office.toml 里用 part 写明</translation>
    </message>
    <message>
        <source>Read this sheet</source>
        <translation>读这张表</translation>
    </message>
    <message>
        <source>{rows} rows × {columns} columns</source>
        <translation>{rows} 行 × {columns} 列</translation>
    </message>
    <message>
        <source>hidden</source>
        <translation>隐藏</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>空</translation>
    </message>
</context>
<context>
    <name>PictureFacts</name>
    <message>
        <source>and {n} more</source>
        <translation>还有 {n} 部</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时次</translation>
    </message>
    <message>
        <source>Distance</source>
        <translation>距离</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>高度</translation>
    </message>
    <message>
        <source>Echo</source>
        <translation>回波</translation>
    </message>
    <message>
        <source>Radar</source>
        <translation>雷达</translation>
    </message>
    <message>
        <source>not seen</source>
        <translation>看不到</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>not seen by these</source>
        <translation>以下雷达看不到</translation>
    </message>
</context>
<context>
    <name>PinField</name>
    <message>
        <source>PIN</source>
        <translation>口令</translation>
    </message>
</context>
<context>
    <name>PlanPage</name>
    <message>
        <source>No register names a number of the plan (plan_per in its file under registers/).</source>
        <translation>没有一张登记表写有规划数（registers/ 里说明文件的 plan_per）。</translation>
    </message>
    <message>
        <source>{n} numbers</source>
        <translation>规划数 {n} 项</translation>
    </message>
    <message>
        <source>too few in {n}</source>
        <translation>不足 {n} 项</translation>
    </message>
    <message>
        <source>not known in {n}</source>
        <translation>无从算 {n} 项</translation>
    </message>
    <message>
        <source>Register</source>
        <translation>登记表</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>规划</translation>
    </message>
    <message>
        <source>Wanted</source>
        <translation>应有</translation>
    </message>
    <message>
        <source>There</source>
        <translation>现有</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>缺</translation>
    </message>
    <message>
        <source>Where too few</source>
        <translation>不足之处</translation>
    </message>
    <message>
        <source>{n} in the county</source>
        <translation>全县 {n}</translation>
    </message>
    <message>
        <source>{n} in each town</source>
        <translation>每镇 {n}</translation>
    </message>
    <message>
        <source>{n} in each village</source>
        <translation>每村 {n}</translation>
    </message>
    <message>
        <source>{n} for each 1000 people</source>
        <translation>每千人 {n}</translation>
    </message>
    <message>
        <source>{n} for each 100 km of road</source>
        <translation>每百公里道路 {n}</translation>
    </message>
</context>
<context>
    <name>PointCard</name>
    <message>
        <source>Click a point on the map: its thresholds, rain and people stand here.</source>
        <translation>点一下地图上的隐患点：阈值、雨量和责任人显示在这里。</translation>
    </message>
    <message>
        <source>close the card</source>
        <translation>收起卡片</translation>
    </message>
    <message>
        <source>warning unit {name}</source>
        <translation>预警单元 {name}</translation>
    </message>
    <message>
        <source>Thresholds</source>
        <translation>阈值</translation>
    </message>
    <message>
        <source>starter values, to be replaced by surveyed ones</source>
        <translation>起步值，待普查值替换</translation>
    </message>
    <message>
        <source>design</source>
        <translation>设计值</translation>
    </message>
    <message>
        <source>no thresholds: it is never judged</source>
        <translation>没有阈值：不参加判别</translation>
    </message>
    <message>
        <source>the window is not full; at least so much has fallen</source>
        <translation>窗口未满；至少已下这么多</translation>
    </message>
    <message>
        <source>at least</source>
        <translation>至少</translation>
    </message>
    <message>
        <source>not judged yet</source>
        <translation>尚未判别</translation>
    </message>
    <message>
        <source>data {percent} %</source>
        <translation>有数 {percent} %</translation>
    </message>
    <message>
        <source>below its thresholds so far, but less than 90 % of the window is there</source>
        <translation>目前低于阈值，但窗口有数不足 90 %</translation>
    </message>
    <message>
        <source>to {level}</source>
        <translation>距{level}</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>no data</source>
        <translation>无数</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Who answers</source>
        <translation>谁来应</translation>
    </message>
    <message>
        <source>nobody is named</source>
        <translation>没有登记责任人</translation>
    </message>
    <message>
        <source>Lon, lat</source>
        <translation>经纬度</translation>
    </message>
    <message>
        <source>What the radars see here</source>
        <translation>此处雷达能看到什么</translation>
    </message>
    <message>
        <source>confirmed</source>
        <translation>上次确认</translation>
    </message>
    <message>
        <source>no number</source>
        <translation>无号码</translation>
    </message>
    <message>
        <source>At risk</source>
        <translation>受威胁</translation>
    </message>
    <message>
        <source>homes</source>
        <translation>户</translation>
    </message>
    <message>
        <source>people</source>
        <translation>人</translation>
    </message>
    <message>
        <source>{n} to help</source>
        <translation>需搀扶 {n} 人</translation>
    </message>
    <message>
        <source>Shelter</source>
        <translation>最近避险</translation>
    </message>
    <message>
        <source>none within 10 km</source>
        <translation>10 km 内没有</translation>
    </message>
    <message>
        <source>room for</source>
        <translation>容</translation>
    </message>
    <message>
        <source>route</source>
        <translation>路线</translation>
    </message>
    <message>
        <source>{n} min walk</source>
        <translation>步行 {n} 分</translation>
    </message>
    <message>
        <source>{m} m up</source>
        <translation>高出沟底 {m} m</translation>
    </message>
    <message>
        <source>{m} m down</source>
        <translation>低于此处 {m} m</translation>
    </message>
    <message>
        <source>straight line, no route is entered</source>
        <translation>直线距离，未登记路线</translation>
    </message>
    <message>
        <source>In force here</source>
        <translation>此处生效</translation>
    </message>
    <message>
        <source>no warning</source>
        <translation>无预警</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>不详</translation>
    </message>
    <message>
        <source>{span} left</source>
        <translation>剩 {span}</translation>
    </message>
    <message>
        <source>{signal} {level}</source>
        <translation>{signal}{level}</translation>
    </message>
    <message>
        <source>expected: {mm} mm more</source>
        <translation>预计再下 {mm} mm</translation>
    </message>
    <message>
        <source>in all</source>
        <translation>累计</translation>
    </message>
    <message>
        <source>hours are missing; at least so much has fallen</source>
        <translation>有几小时缺数，至少下了这么多</translation>
    </message>
    <message>
        <source>Rain of 24 h</source>
        <translation>24 小时雨量</translation>
    </message>
    <message>
        <source>no gauge within 10 km</source>
        <translation>10 km 内无雨量站</translation>
    </message>
    <message>
        <source>no gauges in this office</source>
        <translation>本台未登记雨量站</translation>
    </message>
    <message>
        <source>never</source>
        <translation>从未来数</translation>
    </message>
    <message>
        <source>Past</source>
        <translation>过去</translation>
    </message>
    <message>
        <source>nothing is entered for this place</source>
        <translation>此处没有记录</translation>
    </message>
    <message>
        <source>Inspected</source>
        <translation>巡查</translation>
    </message>
    <message>
        <source>{n} photos</source>
        <translation>照片 {n}</translation>
    </message>
    <message>
        <source>nothing in this office says yet what rain is to come</source>
        <translation>本台还没有给出未来雨量的资料</translation>
    </message>
    <message>
        <source>no forecast</source>
        <translation>无预报</translation>
    </message>
    <message>
        <source>Rain to come</source>
        <translation>未来雨量</translation>
    </message>
    <message>
        <source>expected</source>
        <translation>预报</translation>
    </message>
    <message>
        <source>Confirmed</source>
        <translation>核对</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>巡查情况</translation>
    </message>
</context>
<context>
    <name>PositionPanel</name>
    <message>
        <source>as it stands</source>
        <translation>按原样</translation>
    </message>
    <message>
        <source>as {crs}</source>
        <translation>按 {crs} 转换</translation>
    </message>
</context>
<context>
    <name>PrintMap</name>
    <message>
        <source>Radar of {data_at}; printed {made_at}; WGS 84, Web Mercator</source>
        <translation>雷达时次 {data_at}&#x3000;制图 {made_at}&#x3000;WGS 84，Web 墨卡托</translation>
    </message>
    <message>
        <source>[Exercise] </source>
        <translation>【演练】</translation>
    </message>
    <message>
        <source>N</source>
        <translation>北</translation>
    </message>
    <message>
        <source>Risks on one map</source>
        <translation>风险一张图</translation>
    </message>
    <message>
        <source>The map was printed: {file}</source>
        <translation>地图已打印：{file}</translation>
    </message>
    <message>
        <source>source not entered</source>
        <translation>来源未登记</translation>
    </message>
    <message>
        <source>{n} years old</source>
        <translation>{n} 年前</translation>
    </message>
    <message>
        <source>day not entered</source>
        <translation>日期未登记</translation>
    </message>
    <message>
        <source>Sources</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
</context>
<context>
    <name>PrintSheet</name>
    <message>
        <source>No. {n}</source>
        <translation>第 {n} 号</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>正文</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>防御指南</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Drafted</source>
        <translation>拟稿</translation>
    </message>
    <message>
        <source>Signed</source>
        <translation>签发</translation>
    </message>
    <message>
        <source>Issued</source>
        <translation>发布</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>有效至</translation>
    </message>
    <message>
        <source>Receipts</source>
        <translation>回执</translation>
    </message>
    <message>
        <source>EXERCISE</source>
        <translation>演练</translation>
    </message>
</context>
<context>
    <name>ProductTabs</name>
    <message>
        <source>{n}/{most} characters</source>
        <translation>{n}/{most} 字</translation>
    </message>
    <message>
        <source>{n}/{all} checks passed</source>
        <translation>{n}/{all} 项检查通过</translation>
    </message>
</context>
<context>
    <name>RadarKeys</name>
    <message>
        <source>Next radar product</source>
        <translation>下一个雷达产品</translation>
    </message>
    <message>
        <source>Previous radar product</source>
        <translation>上一个雷达产品</translation>
    </message>
    <message>
        <source>Next moment of this radar</source>
        <translation>本雷达下一个要素</translation>
    </message>
    <message>
        <source>Previous moment of this radar</source>
        <translation>本雷达上一个要素</translation>
    </message>
    <message>
        <source>Loop faster</source>
        <translation>动画加快</translation>
    </message>
    <message>
        <source>Loop slower</source>
        <translation>动画放慢</translation>
    </message>
    <message>
        <source>One radar, the next, the mosaic</source>
        <translation>单部雷达，逐部切换，再回到拼图</translation>
    </message>
    <message>
        <source>Next cut up, or CAPPI 500 m up</source>
        <translation>上一层仰角，或 CAPPI 升 500 米</translation>
    </message>
    <message>
        <source>Next cut down, or CAPPI 500 m down</source>
        <translation>下一层仰角，或 CAPPI 降 500 米</translation>
    </message>
</context>
<context>
    <name>RadarShowing</name>
    <message>
        <source>Incomplete, only whole cuts are in the picture: {names}</source>
        <translation>不完整，只用了完好的仰角层：{names}</translation>
    </message>
    <message>
        <source>Unproven layout, compare with another source: {names}</source>
        <translation>格式未经验证，请与其他来源对照：{names}</translation>
    </message>
    <message>
        <source>Unproven layout: no real file of this kind was ever at hand</source>
        <translation>格式未经验证：手头从没有这种真实文件</translation>
    </message>
</context>
<context>
    <name>RainCurve</name>
    <message>
        <source>No rain has come in for this place.</source>
        <translation>这里没有收到雨量。</translation>
    </message>
    <message>
        <source>the most of one step, mm</source>
        <translation>最大一段雨量，mm</translation>
    </message>
</context>
<context>
    <name>ReadOut</name>
    <message>
        <source>outside the county</source>
        <translation>县外</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>Lon, lat</source>
        <translation>经纬度</translation>
    </message>
    <message>
        <source>Reflectivity</source>
        <translation>反射率</translation>
    </message>
    <message>
        <source>Rain rate</source>
        <translation>雨强</translation>
    </message>
    <message>
        <source>from reflectivity, Z = 300 R^1.4</source>
        <translation>由反射率估算，Z = 300 R^1.4</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时次</translation>
    </message>
    <message>
        <source>the cursor is not on the map</source>
        <translation>光标不在图上</translation>
    </message>
    <message>
        <source>no radar sees this place</source>
        <translation>没有雷达看得到这里</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>seen, without echo</source>
        <translation>看得到，无回波</translation>
    </message>
    <message>
        <source>of {n}</source>
        <translation>共 {n} 部</translation>
    </message>
    <message>
        <source>Beam height</source>
        <translation>波束高</translation>
    </message>
    <message>
        <source>of the beam&apos;s middle above sea level</source>
        <translation>波束中心海拔高度</translation>
    </message>
    <message>
        <source>Radar</source>
        <translation>雷达</translation>
    </message>
    <message>
        <source>whose value stands, and how many radars see this place</source>
        <translation>取值的雷达，以及看得见此处的雷达数</translation>
    </message>
    <message>
        <source>not seen</source>
        <translation>看不到</translation>
    </message>
    <message>
        <source>folded</source>
        <translation>距离折叠</translation>
    </message>
    <message>
        <source>an echo of an earlier pulse lies over this place: nobody knows the value</source>
        <translation>前一个脉冲的回波叠在这里，值不明</translation>
    </message>
</context>
<context>
    <name>ReceiptList</name>
    <message>
        <source>Receipts</source>
        <translation>回执</translation>
    </message>
    <message>
        <source>No message yet. At issue every recipient gets one; its receipt stands here.</source>
        <translation>还没有消息。发布时每个对象各发一条，回执列在这里。</translation>
    </message>
</context>
<context>
    <name>RecipientSection</name>
    <message>
        <source>{n} new</source>
        <translation>新增 {n}</translation>
    </message>
    <message>
        <source>people by text</source>
        <translation>人短信</translation>
    </message>
</context>
<context>
    <name>RecordCard</name>
    <message>
        <source>Choose an entry on the map or in a table: what is known of it stands here.</source>
        <translation>在图上或表中选一条，已知的都列在这里。</translation>
    </message>
    <message>
        <source>close the card</source>
        <translation>收起卡片</translation>
    </message>
    <message>
        <source>inactive</source>
        <translation>停用</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
    <message>
        <source>not in the register</source>
        <translation>登记表中没有</translation>
    </message>
    <message>
        <source>{n} more</source>
        <translation>另有 {n} 个</translation>
    </message>
    <message>
        <source>next</source>
        <translation>下次</translation>
    </message>
    <message>
        <source>Lon, lat</source>
        <translation>经纬度</translation>
    </message>
    <message>
        <source>no position</source>
        <translation>无坐标</translation>
    </message>
    <message>
        <source>Photo</source>
        <translation>照片</translation>
    </message>
    <message>
        <source>Other columns of the file</source>
        <translation>文件中的其他列</translation>
    </message>
    <message>
        <source>History</source>
        <translation>变更</translation>
    </message>
    <message>
        <source>no version is kept</source>
        <translation>没有留存的版本</translation>
    </message>
    <message>
        <source>version {n}</source>
        <translation>第 {n} 版</translation>
    </message>
    <message>
        <source>taken out</source>
        <translation>移出</translation>
    </message>
    <message>
        <source>imported</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>import undone</source>
        <translation>撤销导入</translation>
    </message>
    <message>
        <source>taken over</source>
        <translation>沿用旧库</translation>
    </message>
    <message>
        <source>the program</source>
        <translation>系统</translation>
    </message>
    <message>
        <source>inspected</source>
        <translation>巡查</translation>
    </message>
    <message>
        <source>edited</source>
        <translation>修改</translation>
    </message>
</context>
<context>
    <name>RecordForm</name>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Place on the map</source>
        <translation>图上取点</translation>
    </message>
    <message>
        <source>reason for taking it out</source>
        <translation>移出的理由</translation>
    </message>
    <message>
        <source>Take out</source>
        <translation>移出</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>click its place on the map</source>
        <translation>在图上点出位置</translation>
    </message>
    <message>
        <source>new entry</source>
        <translation>新增一条</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Town</source>
        <translation>镇</translation>
    </message>
    <message>
        <source>Village</source>
        <translation>村</translation>
    </message>
    <message>
        <source>Longitude</source>
        <translation>经度</translation>
    </message>
    <message>
        <source>Latitude</source>
        <translation>纬度</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
    <message>
        <source>YYYY-MM-DD</source>
        <translation>年-月-日</translation>
    </message>
    <message>
        <source>name or id</source>
        <translation>名称或编号</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>放弃修改</translation>
    </message>
</context>
<context>
    <name>RegisterPanel</name>
    <message>
        <source>No entry yet. Import reads a file (Excel, CSV, vector); New adds one at a place on the map.</source>
        <translation>还没有登记。“导入”读文件（Excel、CSV、矢量），“新增”在图上点一处逐条登记。</translation>
    </message>
    <message>
        <source>No entry passes the filters. Escape in a filter clears it.</source>
        <translation>没有一条符合筛选。在筛选框里按 Esc 清除。</translation>
    </message>
    <message>
        <source>The register is being read.</source>
        <translation>正在读登记表。</translation>
    </message>
    <message>
        <source>register</source>
        <translation>登记表</translation>
    </message>
    <message>
        <source>{n} entries</source>
        <translation>{n} 条</translation>
    </message>
    <message>
        <source>filtered</source>
        <translation>筛得</translation>
    </message>
    <message>
        <source>rows {a}-{b} of {n}</source>
        <translation>第 {a}–{b} 行，共 {n}</translation>
    </message>
</context>
<context>
    <name>RegisterTable</name>
    <message>
        <source>no level</source>
        <translation>无级</translation>
    </message>
    <message>
        <source>not judged</source>
        <translation>未判</translation>
    </message>
    <message>
        <source>inactive</source>
        <translation>不在期内</translation>
    </message>
    <message>
        <source>overdue</source>
        <translation>逾期</translation>
    </message>
    <message>
        <source>no position</source>
        <translation>无坐标</translation>
    </message>
    <message>
        <source>today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>in {n} days</source>
        <translation>还有 {n} 天</translation>
    </message>
    <message>
        <source>yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>overdue {n} d</source>
        <translation>逾期 {n} 天</translation>
    </message>
    <message>
        <source>on the map</source>
        <translation>图上已选</translation>
    </message>
</context>
<context>
    <name>RegisterTool</name>
    <message>
        <source>Registers as tables, or the time line</source>
        <translation>登记表 / 时间轴</translation>
    </message>
    <message>
        <source>Table higher or lower</source>
        <translation>登记表加高 / 还原</translation>
    </message>
    <message>
        <source>The six of each village</source>
        <translation>六个一</translation>
    </message>
    <message>
        <source>Registers against the plan</source>
        <translation>对照规划数</translation>
    </message>
    <message>
        <source>Contacts that may fail</source>
        <translation>联系人核查</translation>
    </message>
    <message>
        <source>Six in each village</source>
        <translation>六个一核查</translation>
    </message>
    <message>
        <source>Against the plan</source>
        <translation>对照规划数</translation>
    </message>
    <message>
        <source>Contacts</source>
        <translation>联系人核查</translation>
    </message>
</context>
<context>
    <name>Search</name>
    <message>
        <source>Watch</source>
        <translation>值班</translation>
    </message>
    <message>
        <source>Issue</source>
        <translation>发布</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>叫应</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>复盘</translation>
    </message>
    <message>
        <source>Vertical section of the radars</source>
        <translation>雷达剖面</translation>
    </message>
    <message>
        <source>Two maps side by side</source>
        <translation>两图并排</translation>
    </message>
    <message>
        <source>Ruler, bearing, length</source>
        <translation>尺子：长度和方位</translation>
    </message>
    <message>
        <source>What lies in an area</source>
        <translation>圈定一块，看里面有什么</translation>
    </message>
    <message>
        <source>What lies in the areas of loaded layers</source>
        <translation>外来图层的面里有什么</translation>
    </message>
    <message>
        <source>Web map in a window of its own</source>
        <translation>网页地图（单独窗口）</translation>
    </message>
    <message>
        <source>Registers as tables</source>
        <translation>登记表</translation>
    </message>
    <message>
        <source>The six of each village</source>
        <translation>六个一核查</translation>
    </message>
    <message>
        <source>Registers against the plan</source>
        <translation>对照规划数</translation>
    </message>
    <message>
        <source>Contacts that may fail</source>
        <translation>联系人核查</translation>
    </message>
    <message>
        <source>Leave the duty</source>
        <translation>交班离岗</translation>
    </message>
    <message>
        <source>Tasks</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Signals</source>
        <translation>预警信号</translation>
    </message>
    <message>
        <source>not yet: cannot be drafted here</source>
        <translation>还不能在此拟稿</translation>
    </message>
    <message>
        <source>Places</source>
        <translation>地点</translation>
    </message>
    <message>
        <source>On duty here</source>
        <translation>本台人员</translation>
    </message>
    <message>
        <source>Warnings</source>
        <translation>预警</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>图层</translation>
    </message>
    <message>
        <source>on the map: Enter hides it</source>
        <translation>已在图上，回车隐藏</translation>
    </message>
    <message>
        <source>hidden: Enter shows it</source>
        <translation>未显示，回车显示</translation>
    </message>
</context>
<context>
    <name>SearchBox</name>
    <message>
        <source>Search or command</source>
        <translation>搜索或命令</translation>
    </message>
    <message>
        <source>Nothing of that name.</source>
        <translation>没有这个名称。</translation>
    </message>
    <message>
        <source>choose</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>leave</source>
        <translation>收起</translation>
    </message>
</context>
<context>
    <name>SectionPanel</name>
    <message>
        <source>Section</source>
        <translation>剖面</translation>
    </message>
    <message>
        <source>Over time</source>
        <translation>时高</translation>
    </message>
    <message>
        <source>New line</source>
        <translation>重画</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>收起</translation>
    </message>
    <message>
        <source>New place</source>
        <translation>换点</translation>
    </message>
    <message>
        <source>{n} volumes</source>
        <translation>{n} 个体扫</translation>
    </message>
</context>
<context>
    <name>SectionTool</name>
    <message>
        <source>Click on the map: the echoes above that place, volume by volume.</source>
        <translation>在地图上点一下：逐个体扫看这一点上空的回波。</translation>
    </message>
    <message>
        <source>Click twice on the map, at A and at B. Then drag an end or the line.</source>
        <translation>在地图上点两下：A 和 B。之后可拖动端点或整条线。</translation>
    </message>
    <message>
        <source>No RHI has come in. The newest one will stand here as soon as it does.</source>
        <translation>还没有收到 RHI。收到后最新的一个显示在这里。</translation>
    </message>
    <message>
        <source>Reading the volumes, the newest first.</source>
        <translation>正在读取体扫，从最新的开始。</translation>
    </message>
    <message>
        <source>No radar reaches this place. Click on another one.</source>
        <translation>没有雷达覆盖这一点。请点别处。</translation>
    </message>
    <message>
        <source>Reading the volumes of the radars near the line.</source>
        <translation>正在读取线附近雷达的体扫。</translation>
    </message>
    <message>
        <source>No radar near this line has spoken lately. A volume that comes in is drawn here.</source>
        <translation>线附近的雷达最近没有体扫。收到后画在这里。</translation>
    </message>
    <message>
        <source>{code}, {km} km away</source>
        <translation>{code}，相距 {km} km</translation>
    </message>
    <message>
        <source>{n} still to be read</source>
        <translation>还有 {n} 个待读</translation>
    </message>
    <message>
        <source>Vertical section by two clicks</source>
        <translation>垂直剖面：在地图上点两下</translation>
    </message>
</context>
<context>
    <name>SheetHead</name>
    <message>
        <source>Draft</source>
        <translation>拟稿</translation>
    </message>
    <message>
        <source>No. {n}</source>
        <translation>第 {n} 号</translation>
    </message>
    <message>
        <source>lifts No. {n}</source>
        <translation>解除第 {n} 号</translation>
    </message>
    <message>
        <source>follows No. {n}</source>
        <translation>续第 {n} 号</translation>
    </message>
    <message>
        <source>Submit</source>
        <translation>提交</translation>
    </message>
    <message>
        <source>Sign</source>
        <translation>复核</translation>
    </message>
    <message>
        <source>Issue</source>
        <translation>发布</translation>
    </message>
</context>
<context>
    <name>Showing</name>
    <message>
        <source>arriving</source>
        <translation>正在接收</translation>
    </message>
    <message>
        <source>being read</source>
        <translation>正在读取</translation>
    </message>
    <message>
        <source>taken</source>
        <translation>已收</translation>
    </message>
    <message>
        <source>incomplete</source>
        <translation>不完整</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>未收</translation>
    </message>
    <message>
        <source>locked by another program</source>
        <translation>被其他程序占用</translation>
    </message>
    <message>
        <source>SMS</source>
        <translation>短信</translation>
    </message>
    <message>
        <source>English</source>
        <translation>英文</translation>
    </message>
    <message>
        <source>Valid, h</source>
        <translation>时效，小时</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>正文</translation>
    </message>
    <message>
        <source>Guide</source>
        <translation>防御指南</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>有改动</translation>
    </message>
    <message>
        <source>being made</source>
        <translation>正在制作</translation>
    </message>
    <message>
        <source>CAP valid</source>
        <translation>CAP 校验</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>字数</translation>
    </message>
    <message>
        <source>Area</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>Recipients</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>Signed</source>
        <translation>签发</translation>
    </message>
    <message>
        <source> ({n} of this kind)</source>
        <translation>（同类 {n} 项）</translation>
    </message>
    <message>
        <source>The same content was refused {n} times.</source>
        <translation>同样的内容已被拒收 {n} 次。</translation>
    </message>
</context>
<context>
    <name>SignIn</name>
    <message>
        <source>Nobody is on duty. Who takes over?</source>
        <translation>现在没有值班员。谁来接班？</translation>
    </message>
    <message>
        <source>On duty</source>
        <translation>值班</translation>
    </message>
    <message>
        <source>Take over</source>
        <translation>接班</translation>
    </message>
</context>
<context>
    <name>SignPanel</name>
    <message>
        <source>Differences</source>
        <translation>与现行之差</translation>
    </message>
    <message>
        <source>A first issue: there is nothing in force to compare with.</source>
        <translation>首次发布：没有现行预警可比。</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>复核</translation>
    </message>
    <message>
        <source>Who signs</source>
        <translation>谁签发</translation>
    </message>
    <message>
        <source>Reason for sending it back</source>
        <translation>退回原因</translation>
    </message>
    <message>
        <source>Sign</source>
        <translation>签发</translation>
    </message>
    <message>
        <source>Return</source>
        <translation>退回</translation>
    </message>
    <message>
        <source>Differences from {message}</source>
        <translation>与现行{message}之差</translation>
    </message>
    <message>
        <source>{n} places</source>
        <translation>{n} 处</translation>
    </message>
    <message>
        <source>Nothing to sign. A draft stands here once its author has submitted it.</source>
        <translation>没有待签的稿。拟稿人提交后在这里复核。</translation>
    </message>
    <message>
        <source>Nobody else may sign: add a second person with fengsui office people add.</source>
        <translation>没有其他人可以签发：请用 fengsui office people add 增加第二人。</translation>
    </message>
    <message>
        <source>{author} drafted this and cannot sign it. The PIN is the signature.</source>
        <translation>拟稿人{author}不能复核本稿。输入口令即为签名。</translation>
    </message>
    <message>
        <source>A reason, Enter, and your PIN: it goes back to {author} in your name.</source>
        <translation>写明理由，回车，再输 PIN：以本人名义退回{author}。</translation>
    </message>
</context>
<context>
    <name>StartupPage</name>
    <message>
        <source>Restore the backup</source>
        <translation>恢复备份</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>The store of this office is damaged</source>
        <translation>本台的数据库已损坏</translation>
    </message>
    <message>
        <source>Restored</source>
        <translation>已恢复</translation>
    </message>
    <message>
        <source>Exercise</source>
        <translation>演练</translation>
    </message>
</context>
<context>
    <name>TableHead</name>
    <message>
        <source>register</source>
        <translation>登记表</translation>
    </message>
    <message>
        <source>New</source>
        <translation>新增</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Time line</source>
        <translation>时间轴</translation>
    </message>
</context>
<context>
    <name>ThingCard</name>
    <message>
        <source>{n} more here</source>
        <translation>此处还有 {n} 个</translation>
    </message>
</context>
<context>
    <name>TimeAxis</name>
    <message>
        <source>Radar</source>
        <translation>雷达</translation>
    </message>
    <message>
        <source>Rain</source>
        <translation>雨量</translation>
    </message>
    <message>
        <source>Alarms</source>
        <translation>告警</translation>
    </message>
    <message>
        <source>Radar frames, rain, alarms and warnings stand here as they come.</source>
        <translation>雷达时次、雨量、告警和预警到了就列在这里。</translation>
    </message>
    <message>
        <source>no radar frame from {a} to {b}</source>
        <translation>{a} 到 {b} 没有雷达资料</translation>
    </message>
    <message>
        <source>gap</source>
        <translation>缺</translation>
    </message>
    <message>
        <source>{span}: {mm} mm</source>
        <translation>{span}：{mm} mm</translation>
    </message>
    <message>
        <source>until {time}</source>
        <translation>至 {time}</translation>
    </message>
</context>
<context>
    <name>TimeLine</name>
    <message>
        <source>Play</source>
        <translation>播放</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>现在</translation>
    </message>
    <message>
        <source>one frame back</source>
        <translation>上一帧</translation>
    </message>
    <message>
        <source>one frame on</source>
        <translation>下一帧</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停</translation>
    </message>
</context>
<context>
    <name>TimeSection</name>
    <message>
        <source>until</source>
        <translation>至</translation>
    </message>
    <message>
        <source>time of issue</source>
        <translation>签发时</translation>
    </message>
    <message>
        <source>for</source>
        <translation>起</translation>
    </message>
    <message>
        <source>Half an hour less</source>
        <translation>减半小时</translation>
    </message>
    <message>
        <source>Half an hour more</source>
        <translation>加半小时</translation>
    </message>
</context>
<context>
    <name>TitleCard</name>
    <message>
        <source>Radar mosaic</source>
        <translation>雷达拼图</translation>
    </message>
    <message>
        <source>no data yet</source>
        <translation>还没有资料</translation>
    </message>
    <message>
        <source>{n} radars</source>
        <translation>{n} 部</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>without {names}</source>
        <translation>缺 {names}</translation>
    </message>
    <message>
        <source>elevation {deg}°</source>
        <translation>仰角 {deg}°</translation>
    </message>
    <message>
        <source>without {names}, {km2} km² unseen</source>
        <translation>缺 {names}，{km2} km² 看不见</translation>
    </message>
    <message>
        <source>looking back</source>
        <translation>回看</translation>
    </message>
    <message>
        <source>not shown</source>
        <translation>未显示</translation>
    </message>
    <message>
        <source>Exercise</source>
        <translation>演练</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>Watch</source>
        <translation>值班</translation>
    </message>
    <message>
        <source>Issue</source>
        <translation>发布</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>叫应</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>复盘</translation>
    </message>
    <message>
        <source>Exercise</source>
        <translation>演练</translation>
    </message>
    <message>
        <source>lead</source>
        <translation>带班</translation>
    </message>
    <message>
        <source>On duty: {name}</source>
        <translation>值班员：{name}</translation>
    </message>
    <message>
        <source>on duty</source>
        <translation>值班</translation>
    </message>
    <message>
        <source>channels</source>
        <translation>通道</translation>
    </message>
    <message>
        <source>data</source>
        <translation>数据</translation>
    </message>
</context>
<context>
    <name>TownTable</name>
    <message>
        <source>unchanged</source>
        <translation>不变</translation>
    </message>
    <message>
        <source>Fewer towns</source>
        <translation>收起其余镇</translation>
    </message>
    <message>
        <source>{n} more towns</source>
        <translation>其余 {n} 个镇</translation>
    </message>
</context>
<context>
    <name>TwinPane</name>
    <message>
        <source>What the second map shows</source>
        <translation>第二幅图显示什么</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>收起</translation>
    </message>
</context>
<context>
    <name>TwinTool</name>
    <message>
        <source>Two maps side by side</source>
        <translation>两幅图并排</translation>
    </message>
    <message>
        <source>being read</source>
        <translation>正在读取</translation>
    </message>
    <message>
        <source>no data for it</source>
        <translation>没有这时的数据</translation>
    </message>
    <message>
        <source>folded</source>
        <translation>距离折叠</translation>
    </message>
    <message>
        <source>Of two maps, the other one takes the radar keys</source>
        <translation>两图之间：另一幅接管雷达按键</translation>
    </message>
    <message>
        <source>{act}, right map</source>
        <translation>{act}（右图）</translation>
    </message>
    <message>
        <source>{act}, left map</source>
        <translation>{act}（左图）</translation>
    </message>
</context>
<context>
    <name>UprightPlot</name>
    <message>
        <source>gap</source>
        <translation>缺</translation>
    </message>
</context>
<context>
    <name>VersionList</name>
    <message>
        <source>Versions</source>
        <translation>历次版本</translation>
    </message>
    <message>
        <source>Nothing was kept yet: the first version stands here once it is saved.</source>
        <translation>还没有版本，保存后第一版在此。</translation>
    </message>
    <message>
        <source>taken out</source>
        <translation>移出</translation>
    </message>
    <message>
        <source>put in</source>
        <translation>登记</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>改</translation>
    </message>
    <message>
        <source>by an import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>by an undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>from the old register</source>
        <translation>旧登记表转来</translation>
    </message>
    <message>
        <source>name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>kind</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>position</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>town and village</source>
        <translation>镇村</translation>
    </message>
    <message>
        <source>other columns</source>
        <translation>其他列</translation>
    </message>
    <message>
        <source>inspected</source>
        <translation>巡查</translation>
    </message>
</context>
<context>
    <name>ViewShelf</name>
    <message>
        <source>+ number keeps the present</source>
        <translation>+ 数字 存当前</translation>
    </message>
    <message>
        <source>Saved views</source>
        <translation>存下的视图</translation>
    </message>
    <message>
        <source>Shift and {n} keep the present view here</source>
        <translation>Shift 加 {n} 把当前视图存在这里</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>空</translation>
    </message>
    <message>
        <source>name of view {n}</source>
        <translation>视图 {n} 的名称</translation>
    </message>
    <message>
        <source>Name of view {n}: Enter keeps, Esc leaves</source>
        <translation>视图 {n} 的名称：回车存下，Esc 放弃</translation>
    </message>
    <message>
        <source>{n} is empty: Shift+{n} keeps the present</source>
        <translation>{n} 是空的，Shift+{n} 存下当前</translation>
    </message>
</context>
<context>
    <name>WebMap</name>
    <message>
        <source>Web map</source>
        <translation>网页地图</translation>
    </message>
    <message>
        <source>Save as a page</source>
        <translation>另存为网页</translation>
    </message>
    <message>
        <source>the page did not load</source>
        <translation>网页没有载入</translation>
    </message>
    <message>
        <source>{n} tiles of the base map were left out, the page would be too large</source>
        <translation>底图有 {n} 块未放入（网页会过大）</translation>
    </message>
</context>
<context>
    <name>WebMapTool</name>
    <message>
        <source>Web map in a window of its own</source>
        <translation>网页地图（单独窗口）</translation>
    </message>
    <message>
        <source>Save as a page</source>
        <translation>另存为网页</translation>
    </message>
    <message>
        <source>[Exercise] </source>
        <translation>【演练】</translation>
    </message>
    <message>
        <source>As of {time}</source>
        <translation>截至 {time}</translation>
    </message>
</context>
<context>
    <name>_Card</name>
    <message>
        <source>Extend</source>
        <translation>续</translation>
    </message>
    <message>
        <source>Raise</source>
        <translation>升</translation>
    </message>
    <message>
        <source>Lower</source>
        <translation>降</translation>
    </message>
    <message>
        <source>Lift</source>
        <translation>解</translation>
    </message>
    <message>
        <source>left:</source>
        <translation>剩</translation>
    </message>
    <message>
        <source>min</source>
        <translation>分钟</translation>
    </message>
    <message>
        <source>of {n} towns</source>
        <translation>等 {n} 个镇</translation>
    </message>
</context>
<context>
    <name>_Empty</name>
    <message>
        <source>No draft. Choose an alarm and press D: area, level per town, text, guide, recipients and times stand here on one sheet.</source>
        <translation>没有稿。选一条告警按 D：区域、各镇级别、正文、防御指南、对象和时效都在这一张稿上。</translation>
    </message>
</context>
<context>
    <name>_EvidenceHead</name>
    <message>
        <source>Evidence</source>
        <translation>依据</translation>
    </message>
    <message>
        <source>no alarm behind this draft</source>
        <translation>本稿没有对应的告警</translation>
    </message>
    <message>
        <source>at least</source>
        <translation>至少</translation>
    </message>
</context>
<context>
    <name>_Foot</name>
    <message>
        <source>{time} drafted by {who}</source>
        <translation>{time} {who}拟稿</translation>
    </message>
    <message>
        <source>{time} submitted</source>
        <translation>{time} 提交</translation>
    </message>
    <message>
        <source>{time} signed by {who}</source>
        <translation>{time} {who}签发</translation>
    </message>
    <message>
        <source>{time} issued</source>
        <translation>{time} 发布</translation>
    </message>
    <message>
        <source>sent back: {reason}</source>
        <translation>退回：{reason}</translation>
    </message>
</context>
<context>
    <name>_Head</name>
    <message>
        <source>To next level</source>
        <translation>距下一级</translation>
    </message>
    <message>
        <source>town</source>
        <translation>镇</translation>
    </message>
    <message>
        <source>before</source>
        <translation>此前</translation>
    </message>
    <message>
        <source>in force</source>
        <translation>现行</translation>
    </message>
    <message>
        <source>issued</source>
        <translation>发布</translation>
    </message>
    <message>
        <source>this draft</source>
        <translation>本稿</translation>
    </message>
    <message>
        <source>{window} rain mm</source>
        <translation>{window} 实况 mm</translation>
    </message>
</context>
<context>
    <name>radar_words</name>
    <message>
        <source>composite reflectivity</source>
        <translation>组合反射率</translation>
    </message>
    <message>
        <source>lowest free beam</source>
        <translation>最低无遮挡仰角</translation>
    </message>
    <message>
        <source>CAPPI {km} km</source>
        <translation>CAPPI {km} km</translation>
    </message>
    <message>
        <source>echo top</source>
        <translation>回波顶高</translation>
    </message>
    <message>
        <source>liquid water (VIL)</source>
        <translation>垂直液态水（VIL）</translation>
    </message>
    <message>
        <source>Echo top</source>
        <translation>回波顶</translation>
    </message>
    <message>
        <source>VIL</source>
        <translation>VIL</translation>
    </message>
    <message>
        <source>Reflectivity</source>
        <translation>反射率</translation>
    </message>
    <message>
        <source>Reflectivity, corrected</source>
        <translation>反射率（订正）</translation>
    </message>
    <message>
        <source>Reflectivity, unfiltered</source>
        <translation>反射率（未滤波）</translation>
    </message>
    <message>
        <source>Velocity</source>
        <translation>径向速度</translation>
    </message>
    <message>
        <source>Velocity, unfolded</source>
        <translation>径向速度（退模糊）</translation>
    </message>
    <message>
        <source>Spectrum width</source>
        <translation>谱宽</translation>
    </message>
    <message>
        <source>Differential reflectivity</source>
        <translation>差分反射率</translation>
    </message>
    <message>
        <source>Correlation</source>
        <translation>相关系数</translation>
    </message>
    <message>
        <source>Differential phase</source>
        <translation>差分相位</translation>
    </message>
    <message>
        <source>Specific phase</source>
        <translation>差分相移率</translation>
    </message>
    <message>
        <source>Signal to noise</source>
        <translation>信噪比</translation>
    </message>
    <message>
        <source>Signal quality</source>
        <translation>信号质量</translation>
    </message>
    <message>
        <source>Hydrometeor class</source>
        <translation>相态分类</translation>
    </message>
    <message>
        <source>Rain of 1 h</source>
        <translation>1 小时雨量</translation>
    </message>
    <message>
        <source>Rain of 3 h</source>
        <translation>3 小时雨量</translation>
    </message>
    <message>
        <source>Rain of the storm</source>
        <translation>过程雨量</translation>
    </message>
</context>
<context>
    <name>storm_words</name>
    <message>
        <source>Storm</source>
        <translation>风暴</translation>
    </message>
    <message>
        <source>Hail</source>
        <translation>冰雹</translation>
    </message>
    <message>
        <source>Mesocyclone</source>
        <translation>中气旋</translation>
    </message>
    <message>
        <source>Tornado vortex (TVS)</source>
        <translation>龙卷涡旋 (TVS)</translation>
    </message>
    <message>
        <source>Severe hail</source>
        <translation>大冰雹</translation>
    </message>
    <message>
        <source>Strongest echo</source>
        <translation>最强回波</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>移速</translation>
    </message>
    <message>
        <source>Coming from</source>
        <translation>来向</translation>
    </message>
    <message>
        <source>VIL</source>
        <translation>VIL</translation>
    </message>
    <message>
        <source>Greatest shear</source>
        <translation>最大切变</translation>
    </message>
    <message>
        <source>Greatest difference</source>
        <translation>最大速度差</translation>
    </message>
    <message>
        <source>Base</source>
        <translation>底高</translation>
    </message>
    <message>
        <source>Top</source>
        <translation>顶高</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时次</translation>
    </message>
    <message>
        <source>unproven</source>
        <translation>未经验证</translation>
    </message>
</context>
<context>
    <name>words</name>
    <message>
        <source>none</source>
        <translation>无级</translation>
    </message>
    <message>
        <source>blue</source>
        <translation>蓝</translation>
    </message>
    <message>
        <source>yellow</source>
        <translation>黄</translation>
    </message>
    <message>
        <source>orange</source>
        <translation>橙</translation>
    </message>
    <message>
        <source>red</source>
        <translation>红</translation>
    </message>
    <message>
        <source>not judged</source>
        <translation>未判</translation>
    </message>
    <message>
        <source>No level</source>
        <translation>无级</translation>
    </message>
    <message>
        <source>Blue</source>
        <translation>蓝色</translation>
    </message>
    <message>
        <source>Yellow</source>
        <translation>黄色</translation>
    </message>
    <message>
        <source>Orange</source>
        <translation>橙色</translation>
    </message>
    <message>
        <source>Red</source>
        <translation>红色</translation>
    </message>
    <message>
        <source>Not judged</source>
        <translation>未判</translation>
    </message>
    <message>
        <source>flash flood</source>
        <translation>山洪</translation>
    </message>
    <message>
        <source>landslide</source>
        <translation>滑坡</translation>
    </message>
    <message>
        <source>debris flow</source>
        <translation>泥石流</translation>
    </message>
    <message>
        <source>waterlogging</source>
        <translation>内涝</translation>
    </message>
    <message>
        <source>open</source>
        <translation>未阅</translation>
    </message>
    <message>
        <source>seen</source>
        <translation>已阅</translation>
    </message>
    <message>
        <source>shelved</source>
        <translation>已搁置</translation>
    </message>
    <message>
        <source>closed</source>
        <translation>已关闭</translation>
    </message>
    <message>
        <source>draft</source>
        <translation>草稿</translation>
    </message>
    <message>
        <source>submitted</source>
        <translation>待复核</translation>
    </message>
    <message>
        <source>signed</source>
        <translation>已签发</translation>
    </message>
    <message>
        <source>in force</source>
        <translation>生效中</translation>
    </message>
    <message>
        <source>replaced</source>
        <translation>已更新</translation>
    </message>
    <message>
        <source>lifted</source>
        <translation>已解除</translation>
    </message>
    <message>
        <source>expired</source>
        <translation>已到时</translation>
    </message>
    <message>
        <source>withdrawn</source>
        <translation>已作废</translation>
    </message>
    <message>
        <source>first issue</source>
        <translation>首次发布</translation>
    </message>
    <message>
        <source>update</source>
        <translation>变更</translation>
    </message>
    <message>
        <source>lifting</source>
        <translation>解除</translation>
    </message>
    <message>
        <source>queued</source>
        <translation>排队</translation>
    </message>
    <message>
        <source>handed over</source>
        <translation>已交付</translation>
    </message>
    <message>
        <source>delivered</source>
        <translation>已达</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>no receipt</source>
        <translation>无回执</translation>
    </message>
    <message>
        <source>gauge</source>
        <translation>雨量站</translation>
    </message>
    <message>
        <source>radar</source>
        <translation>雷达</translation>
    </message>
    <message>
        <source>no source</source>
        <translation>无来源</translation>
    </message>
    <message>
        <source>Draft</source>
        <translation>拟稿</translation>
    </message>
    <message>
        <source>Submit</source>
        <translation>提交</translation>
    </message>
    <message>
        <source>Recall</source>
        <translation>收回</translation>
    </message>
    <message>
        <source>Sign</source>
        <translation>签发</translation>
    </message>
    <message>
        <source>Return</source>
        <translation>退回</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>作废</translation>
    </message>
    <message>
        <source>Issue</source>
        <translation>发布</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>更新</translation>
    </message>
    <message>
        <source>Lift</source>
        <translation>解除</translation>
    </message>
    <message>
        <source>Expire</source>
        <translation>到时</translation>
    </message>
    <message>
        <source>drafted a warning</source>
        <translation>拟稿</translation>
    </message>
    <message>
        <source>changed the draft</source>
        <translation>改稿</translation>
    </message>
    <message>
        <source>submitted the draft</source>
        <translation>提交</translation>
    </message>
    <message>
        <source>recalled the draft</source>
        <translation>收回改稿</translation>
    </message>
    <message>
        <source>sent the draft back</source>
        <translation>退回</translation>
    </message>
    <message>
        <source>signed the warning</source>
        <translation>签发</translation>
    </message>
    <message>
        <source>issued the warning</source>
        <translation>发布预警</translation>
    </message>
    <message>
        <source>withdrew the draft</source>
        <translation>作废本稿</translation>
    </message>
    <message>
        <source>replaced the warning</source>
        <translation>更新预警</translation>
    </message>
    <message>
        <source>lifted the warning</source>
        <translation>解除预警</translation>
    </message>
    <message>
        <source>the warning ran out</source>
        <translation>预警到时</translation>
    </message>
    <message>
        <source>raised an alarm</source>
        <translation>发出告警</translation>
    </message>
    <message>
        <source>saw the alarm</source>
        <translation>已阅告警</translation>
    </message>
    <message>
        <source>shelved the alarm</source>
        <translation>搁置告警</translation>
    </message>
    <message>
        <source>closed the alarm</source>
        <translation>关闭告警</translation>
    </message>
    <message>
        <source>removed the oldest files of the archive</source>
        <translation>删除最旧的归档文件</translation>
    </message>
    <message>
        <source>mended the archive&apos;s index</source>
        <translation>修正归档目录</translation>
    </message>
    <message>
        <source>refused a file</source>
        <translation>未收文件</translation>
    </message>
    <message>
        <source>a source fell silent</source>
        <translation>数据源无数</translation>
    </message>
    <message>
        <source>added a person</source>
        <translation>增加人员</translation>
    </message>
    <message>
        <source>changed a person</source>
        <translation>修改人员</translation>
    </message>
    <message>
        <source>set a PIN</source>
        <translation>设置口令</translation>
    </message>
    <message>
        <source>typed a wrong PIN</source>
        <translation>口令错误</translation>
    </message>
    <message>
        <source>took the duty</source>
        <translation>接班</translation>
    </message>
    <message>
        <source>left the duty</source>
        <translation>交班</translation>
    </message>
    <message>
        <source>imported hazard points</source>
        <translation>导入隐患点</translation>
    </message>
    <message>
        <source>Mon</source>
        <translation>周一</translation>
    </message>
    <message>
        <source>Tue</source>
        <translation>周二</translation>
    </message>
    <message>
        <source>Wed</source>
        <translation>周三</translation>
    </message>
    <message>
        <source>Thu</source>
        <translation>周四</translation>
    </message>
    <message>
        <source>Fri</source>
        <translation>周五</translation>
    </message>
    <message>
        <source>Sat</source>
        <translation>周六</translation>
    </message>
    <message>
        <source>Sun</source>
        <translation>周日</translation>
    </message>
    <message>
        <source>was refused: {act}</source>
        <translation>被拒绝：{act}</translation>
    </message>
    <message>
        <source>A fault of the program itself: {fault}. It is in the log; alarms run on.</source>
        <translation>程序自身出错：{fault}。已记入日志，告警照常运行。</translation>
    </message>
    <message>
        <source>{weekday} {day} {month}</source>
        <translation>{month}月{day}日 {weekday}</translation>
    </message>
    <message>
        <source>{n} min</source>
        <translation>{n} 分钟</translation>
    </message>
    <message>
        <source>{h} h {m} min</source>
        <translation>{h} 小时 {m} 分</translation>
    </message>
    <message>
        <source>{n} days</source>
        <translation>{n} 天</translation>
    </message>
    <message>
        <source>just now</source>
        <translation>刚刚</translation>
    </message>
    <message>
        <source>{span} ago</source>
        <translation>{span}前</translation>
    </message>
    <message>
        <source>no data</source>
        <translation>无数</translation>
    </message>
    <message>
        <source>no data for {span}</source>
        <translation>{span}无数</translation>
    </message>
    <message>
        <source>{h} h</source>
        <translation>{h} 小时</translation>
    </message>
    <message>
        <source>a channel took a message</source>
        <translation>通道已接收消息</translation>
    </message>
    <message>
        <source>a channel refused a message</source>
        <translation>通道拒收消息</translation>
    </message>
    <message>
        <source>a receipt came</source>
        <translation>收到回执</translation>
    </message>
    <message>
        <source>a source speaks again</source>
        <translation>数据源恢复</translation>
    </message>
    <message>
        <source>made the office</source>
        <translation>建立台站</translation>
    </message>
    <message>
        <source>restored the store</source>
        <translation>恢复数据库</translation>
    </message>
    <message>
        <source>later than this clock</source>
        <translation>晚于本机时钟</translation>
    </message>
    <message>
        <source>levels let go after 30 dry minutes</source>
        <translation>雨弱满 30 分钟，放下等级</translation>
    </message>
    <message>
        <source>a radar&apos;s data are odd</source>
        <translation>雷达资料异常</translation>
    </message>
    <message>
        <source>a radar&apos;s data are in order again</source>
        <translation>雷达资料恢复正常</translation>
    </message>
    <message>
        <source>hazard point</source>
        <translation>隐患点</translation>
    </message>
    <message>
        <source>changed a register</source>
        <translation>修改登记表</translation>
    </message>
    <message>
        <source>took entries out of a register</source>
        <translation>从登记表中删去记录</translation>
    </message>
    <message>
        <source>replaced a register</source>
        <translation>替换登记表</translation>
    </message>
    <message>
        <source>undid an import</source>
        <translation>撤销导入</translation>
    </message>
    <message>
        <source>the program</source>
        <translation>程序</translation>
    </message>
    <message>
        <source>command line, {user}</source>
        <translation>命令行 {user}</translation>
    </message>
    <message>
        <source>rockfall</source>
        <translation>崩塌</translation>
    </message>
    <message>
        <source>replaced the places</source>
        <translation>更换了地名和边界</translation>
    </message>
    <message>
        <source>vouched for the places</source>
        <translation>核对了地名和边界</translation>
    </message>
    <message>
        <source>vouched for a register</source>
        <translation>核对了登记表</translation>
    </message>
</context>
</TS>
